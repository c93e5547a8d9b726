"""The small course with more of its people in it: in every odd place where somebody may be named."""

import base64

from tests.archives import HANDOUT_FILE, PAGE_PICTURE, small_course
from tests.course_documents import (
    MADE_AT,
    StoredFile,
    activity_documents,
    document,
    leaves,
    node,
)

EXAMPLE = StoredFile(
    701, "example.txt", b"What a teacher made.\n", 74, "mod_workshop", "submission_attachment", 901
)
HANDED_IN = StoredFile(
    702, "handed in.txt", b"What somebody handed in.\n", 74, "mod_workshop", "submission_attachment", 902, 102,
    "Ben Okoro",
)  # fmt: skip
ASSESSED = StoredFile(
    703,
    "assessment.txt",
    b"What somebody thought of it.\n",
    74,
    "mod_workshop",
    "overallfeedback_attachment",
    904,
)
PLUGIN_BOARD = StoredFile(704, "board.txt", b"What came with the game.\n", 76, "mod_game", "boards", 21)
PLUGIN_PLAY = StoredFile(705, "play.txt", b"What somebody played.\n", 76, "mod_game", "plays", 31, 102)
PICTURE = StoredFile(706, "f1.png", b"\x89PNG a face", 202, "user", "icon", userid=None)
#: What of all files is nobody's.
NOBODYS = {"harbour map.png", "handout.txt", "example.txt", "board.txt"}

#: Somebody whom the course names and no list has.
UNLISTED = 90917

PARTICIPANTS = (
    '[{"selectiontype":"all","selectionid":"all","role":"viewer"},'
    '{"selectiontype":"user","selectionid":"102","role":"moderator"}]'
)
ONLY_BEN = (
    '{"op":"&","c":[{"type":"profile","sf":"email","op":"isequalto",'
    '"v":"b.okoro@school.example"}],"showc":[true]}'
)


def personal_course():
    """Return the archive's files; the people are those of the small course, 101 and 102."""
    files = [PAGE_PICTURE, HANDOUT_FILE, EXAMPLE, HANDED_IN, ASSESSED, PLUGIN_BOARD, PLUGIN_PLAY, PICTURE]
    members = small_course(people=True, files=files)
    added = (("workshop", 44, _workshop()), ("bigbluebuttonbn", 45, _meeting()), ("game", 46, _game()))
    for kind, module, own in added:
        members |= activity_documents(kind, module, module + 10, module + 30, own, True)
        members["moodle_backup.xml"] = _listed(members["moodle_backup.xml"], kind, module)
    module = "activities/workshop_44/module.xml"
    members[module] = _put(members[module], "availability", ONLY_BEN)
    members["activities/workshop_44/calendar.xml"] = document(node("events", _dates()))
    members["course/logs.xml"] = document(node("logs", [_log()]))
    members["course/logstores.xml"] = document(node("logstores", [_logstore()]))
    members["course/comments.xml"] = document(node("comments", [_comment()]))
    members["badges.xml"] = document(node("badges", [_badge()]))
    members["users.xml"] = _with_profile(members["users.xml"])
    members["groups.xml"] = document(
        node("groups", [_group(), node("groupcustomfields", []), node("groupings", [])])
    )
    members["scales.xml"] = document(node("scales_definition", [node("scale", _scale(), id=95)]))
    return members


def _listed(manifest, kind, module):
    entry = f"""<activity><moduleid>{module}</moduleid><sectionid>32</sectionid><modulename>{kind}</modulename>
<title>{kind}</title><directory>activities/{kind}_{module}</directory><insubsection></insubsection></activity>"""
    return manifest.replace(b"</activities>", entry.encode() + b"</activities>")


def _put(content, leaf, text):
    old = f"<{leaf}>$@NULL@$</{leaf}>".encode()
    assert old in content
    return content.replace(old, f"<{leaf}>{text.replace('&', '&amp;')}</{leaf}>".encode())


def _workshop():
    example = leaves(timecreated=MADE_AT, title="An example", content="<p>Like this.</p>", attachment=1)
    assessment = leaves(reviewerid=101, grade=80, feedbackauthor="<p>Neat.</p>", feedbackauthorattachment=1)
    submission = leaves(authorid=102, title="My chart", content="<p>By Ben Okoro, bokoro.</p>", attachment=1)
    submission += [node("assessments", [node("assessment", assessment, id=904)])]
    parts = [
        *leaves(
            name="Draw a chart", intro="<a href='https://moodle.school.example/user/view.php?id=102'>x</a>"
        ),
        node("examplesubmissions", [node("examplesubmission", example, id=901)]),
        node("submissions", [node("submission", submission, id=902)]),
        node("aggregations", [node("aggregation", leaves(userid=101, gradinggrade=90), id=905)]),
    ]
    return node("workshop", parts, id=54)


def _meeting():
    own = leaves(type=0, course=7, name="Talk", intro="", participants=PARTICIPANTS, timecreated=MADE_AT)
    return node("bigbluebuttonbn", own, id=55)


def _game():
    board = node("board", leaves(name="Harbour", settings='a:1:{s:6:"userid";i:102;}'), id=21)
    play = node("play", leaves(userid=102, email="b.okoro@school.example", points=3, **_disguised()), id=31)
    own = leaves(name="Ships", usermodified=101)
    return node("game", [*own, node("boards", [board]), node("plays", [play])], id=56)


def _disguised():
    """Ben’s name as programs write it."""
    serialised = 'a:1:{s:2:"by";s:9:"Ben Okoro";}'
    return {
        "serialised": serialised,
        "packed": base64.b64encode(serialised.encode()).decode(),
        "in_base64": base64.b64encode(b"Played by Ben Okoro, 3 points").decode(),
        "json": '{"by":"\\u0042en Okoro"}',
        "link": "https://sea.example/?of=Ben%20%4Fkoro",
        "entities": "&#66;en&nbsp;Okoro",
    }


def with_somebody_unlisted(members):
    """Name somebody who is in no list of people, wherever a course may name somebody."""
    who = str(UNLISTED)
    override = node("override", leaves(roleid=3, capability="x", permission=1, modifierid=who), id=93)
    roles = [node("role_overrides", [override]), node("role_assignments", [])]
    comment = node("comment", leaves(content="Good", userid=who), id=94)
    remarks = node("plugin_qbank_comment_question", [node("comments", [comment])])
    question = [*leaves(name="When?", qtype="description", createdby=who, modifiedby=who), remarks]
    versions = node("question_versions", [node("questions", [node("question", question, id=3)])], id=2)
    entry = [*leaves(ownerid=who), node("question_version", [versions])]
    entries = node("question_bank_entries", [node("question_bank_entry", entry, id=1)])
    category = [*leaves(name="Tides", contextid=70, contextlevel=50, parent=0), entries]
    content = leaves(name="Film", contenttype="x", usercreated=who, usermodified=who)
    badge = leaves(name="Diver", usercreated=who, usermodified=who)
    badge.append(node("manual_awards", [node("manual_award", leaves(recipientid=102, issuerid=who), id=6)]))
    files = members["files.xml"].replace(b"<userid>102</userid>", f"<userid>{who}</userid>".encode(), 1)
    assert who.encode() in files
    return members | {
        "files.xml": files,
        "course/roles.xml": document(node("roles", roles)),
        "activities/page_42/roles.xml": document(node("roles", roles)),
        "questions.xml": document(node("question_categories", [node("question_category", category, id=9)])),
        "course/contentbank.xml": document(node("contents", [node("content", content, id=4)])),
        "badges.xml": document(node("badges", [node("badge", badge, id=5)])),
    }


def _dates():
    of_course = leaves(name="Chart is due", courseid=7, groupid=0, userid=101, eventtype="due")
    of_person = leaves(name="Okoro is late", courseid=0, groupid=0, userid=102, eventtype="due")
    return [node("event", of_course, id=61), node("event", of_person, id=62)]


def _log():
    return node(
        "log",
        leaves(
            time=MADE_AT, userid=102, ip="192.0.2.17", module="user", action="view", url="view.php?id=102", info="102"
        ),
        id=71,
    )  # fmt: skip


def _logstore():
    other = base64.b64encode(b'a:1:{s:8:"username";s:6:"bokoro";}').decode()
    log = leaves(eventname="\\core\\event\\x", objecttable="user", objectid=102, contextid=202,
                 userid=102, relateduserid=101, anonymous=0, other=other,
                 timecreated=MADE_AT, ip="2001:db8::17", realuserid=None)  # fmt: skip
    row = node("logstore_standard_log", log, id=72)
    return node("logstore", [node("subplugin_logstore_standard_logstore", [row])])


def _comment():
    said = leaves(
        component="block_comments", content="Ask Ben.Okoro or b.okoro@school.example", format=1, userid=102
    )
    return node("comment", said, id=73)


def _badge():
    own = leaves(name="Navigator", usercreated=101, usermodified=101, issuername="Saltmere School",
                 issuercontact="a.holt@school.example", imageauthorname="Amira Holt")  # fmt: skip
    award = leaves(badgeid=81, recipientid=102, issuerid=101, issuerrole=3, datemet=MADE_AT)
    return node("badge", [*own, node("manual_awards", [node("manual_award", award, id=82)])], id=81)


def _group():
    members = [
        node("group_member", leaves(userid=one, timeadded=MADE_AT), id=one + 500) for one in (101, 102)
    ]
    own = leaves(name="Gulls", idnumber="", description="", picture=0)
    return node("group", [*own, node("group_members", members)], id=91)


def _scale():
    return leaves(
        courseid=7, userid=101, name="Knots", scale="slow,fast", description="", timemodified=MADE_AT
    )


def _with_profile(users):
    field = b"""<custom_fields><custom_field id="1"><field_name>parent</field_name><field_type>text</field_type>
<field_data>Ngozi Okoro-Lund, +31 20 5550177</field_data></custom_field></custom_fields>"""
    users = users.replace(b"<custom_fields>\n    </custom_fields>", field)
    more = b"<phone1>+31 6 5550188</phone1><address>Dyke Lane 9</address><lastip>198.51.100.7</lastip></user>"
    assert field in users
    return users.replace(b"</user>", more)
