"""The small course with everything in it that has a date, each of its own so that one finds it again."""

import re
from datetime import datetime, timedelta

from tests.course_documents import MADE_AT, activity_documents, document, leaves, node
from tests.quiz_course import drawn, fixed, quiz_course, with_activity

DAY = 86400
#: When the small course began.
START = 1_756_700_000


def at(day):
    """The moment so many days after the start, in seconds since 1970."""
    return START + day * DAY


#: Days of what belongs to the course: those that a merge takes along, and those of the course itself.
COMING, OWN = (10, 11, 12, 13, 14, 20, 21, 30, 31, 40, 41, 50), (0, 120, 60)
#: Days of what belongs to single people.
PERSONAL = (15, 16)


def dated_course(*, people=True, start=START):
    """Return the archive's files: with an assignment, a quiz, an activity of a plugin, an event, a group."""
    members = quiz_course([fixed(201), drawn(81)], people=people)
    for kind, module, own, title in (
        ("assign", 45, _assignment(people), "Tides"), ("hologram", 46, _hologram(), "The sea in three dimensions"),
    ):  # fmt: skip
        members |= activity_documents(kind, module, module + 10, module + 30, own, people)
        members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], kind, module, title)
    _put(members, "activities/quiz_44/quiz.xml", "<timemodified>0<",
         f"<timeopen>{at(20)}</timeopen><timeclose>{at(21)}</timeclose><timemodified>0<")  # fmt: skip
    _put(members, "activities/page_42/module.xml", "<availability>$@NULL@$<",
         f'<availability>{{"op":"&amp;","c":[{{"type":"date","d":"&gt;=","t":{at(30)}}},'
         f'{{"type":"date","d":"&lt;","t":{at(31)}}}],"showc":[true,true]}}<')  # fmt: skip
    _put(members, "activities/page_42/module.xml", "<completionexpected>0<", f"<completionexpected>{at(40)}<")
    _put(members, "sections/section_32/section.xml", "<availabilityjson>$@NULL@$<",
         f'<availabilityjson>{{"op":"|","c":[{{"type":"date","d":"&gt;=","t":{at(41)}}}],"show":true}}<')  # fmt: skip
    _put(members, "course/course.xml", "<enddate>0<", f"<enddate>{at(120)}<")
    members["completion.xml"] = document(_completion())
    members["course/calendar.xml"] = document(node("events", [_event()]))
    members["groups.xml"] = document(_groups(people))
    if start != START:
        for name in ("moodle_backup.xml", "course/course.xml"):
            members[name] = members[name].replace(str(START).encode(), str(start).encode())
    return members


def moved(moment, days):
    """The same time of day so many days later."""
    return int((datetime.fromtimestamp(moment) + timedelta(days=days)).timestamp())


def found(members, moments):
    """How often any of these moments stands in the documents of an archive."""
    if not moments:
        return 0
    pattern = re.compile(rb"\b(?:%s)\b" % b"|".join(str(one).encode() for one in moments))
    documents = (name for name in members if name.endswith(".xml") and name != "moodle_backup.xml")
    return sum(len(pattern.findall(members[name])) for name in documents)


def _put(members, name, old, new):
    assert old.encode() in members[name], name
    members[name] = members[name].replace(old.encode(), new.encode())


def _assignment(people):
    own = leaves(name="Tides", intro="", introformat=1, duedate=at(10), cutoffdate=0, gradingduedate=at(11),
                 allowsubmissionsfromdate=at(12), grade=100, timemodified=MADE_AT)  # fmt: skip
    override = leaves(groupid=61, userid=None, sortorder=1, allowsubmissionsfromdate=at(13), duedate=at(14))
    extension = leaves(userid=102, assignment=55, mailed=0, locked=0, extensionduedate=at(15))
    mine = leaves(groupid=None, userid=102, sortorder=1, allowsubmissionsfromdate=None, duedate=at(16))
    return node("assign", [
        *own,
        node("userflags", [node("userflag", extension, id=1)] if people else []),
        node("submissions", []), node("grades", []), node("plugin_configs", []),
        node("overrides", [node("override", override, id=2), *([node("override", mine, id=3)] if people else [])]),
    ], id=55)  # fmt: skip


def _hologram():
    return node("hologram", leaves(name="The sea in three dimensions", intro="", duedate=at(10) + 1), id=56)


def _completion():
    criterion = leaves(course=7, criteriatype=2, module=None, moduleinstance=None, enrolperiod=None, timeend=at(60),
                       gradepass=None, role=None)  # fmt: skip
    return node("course_completion", [node("course_completion_criteria", criterion, id=71)])


def _event():
    own = leaves(name="Walk to the quay", description="", format=1, courseid=7, groupid=0, userid=101, repeatid=0,
                 modulename=0, instance=0, eventtype="course", timestart=at(50), timeduration=3600, visible=1,
                 uuid="", sequence=1, timemodified=MADE_AT)  # fmt: skip
    return node("event", own, id=51)


def _groups(people):
    members = [node("group_member", leaves(userid=102, timeadded=MADE_AT), id=1)] if people else []
    group = leaves(
        name="Gulls", description="", descriptionformat=1, timecreated=MADE_AT, timemodified=MADE_AT
    )
    return node("groups", [
        node("group", [*group, node("group_members", members)], id=61),
        node("groupcustomfields", []), node("groupings", []),
    ])  # fmt: skip
