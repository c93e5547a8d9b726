"""Backups of one section and of one activity: they hold it, what it needs, and nothing else."""

import re

import pytest
from lxml import etree

from jobs.archive.survey import survey
from tests.archives import PAGE_PICTURE, pack_tgz, small_course
from tests.corpus import compare, corpus_file
from tests.course_documents import (
    StoredFile,
    activity_documents,
    document,
    inforef,
    leaves,
    node,
)
from tests.factories import make_teacher
from tests.members import members_of
from tests.quiz_course import COURSE_CONTEXT, QUIZ, drawn, fixed, quiz_course, with_activity
from tests.restored import activity, restored_once, section
from tests.running import back_up, back_up_part, restore
from tests.subsections import with_subsection
from webapp.content.lookups import activities_of, sections_of
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import CourseVersion, JobState, Membership, Message, Section, User

INFOREF = f"activities/quiz_{QUIZ}/inforef.xml"


def part_of(members, name, **options):
    """What a backup of a section or an activity of the course holds, by name."""
    teacher = db.session.query(User).filter_by(username="adaeze").first() or make_teacher("adaeze")
    course = restored_once(pack_tgz(members), teacher)
    found = [*sections_of(course.version_id), *activities_of(course.version_id)]
    part = next(one for one in found if one.name == name)
    job, path = back_up_part(course, part, teacher, **options)
    assert job.state == JobState.DONE, job.problem or job.warnings
    assert survey(path).damage == 0
    return members_of(path)


def ids_in(members, name, tag):
    return {int(one.get("id")) for one in etree.fromstring(members[name]).iter(tag)}


def listed(members, name):
    root = etree.fromstring(members[name])
    return {(one.tag, int(one.findtext("id"))) for kind in root for one in kind}


def folders(members):
    return {
        "/".join(name.split("/")[:2]) for name in members if name.startswith(("activities/", "sections/"))
    }


def manifest_of(members):
    return etree.fromstring(members["moodle_backup.xml"]).find("information")


def settings_of(members):
    return {one.findtext("name"): one.findtext("value") for one in manifest_of(members).iter("setting")}


# Beside what a Moodle wrote of the same course


def tide(teacher):
    return restored_once(corpus_file("tide101-4.5-users").read_bytes(), teacher)


def with_number(rows, number):
    return next(row for row in rows if row.moodle_id == number)


def names_a_person(row):
    """Whether Moodle said who made something though people were to stay out; here nobody is named."""
    if row["where"] == "files.xml":
        return "Nadia Fernhollow" in (row["a"] or "") or "|$@NULL@$|" in (row["b"] or "")
    return row["where"].endswith(("/ownerid", "/createdby", "/modifiedby")) and row["b"] == "$@NULL@$"


def is_only_indentation(row):
    return not (row["a"] or "").strip() and not (row["b"] or "").strip()


def test_a_section_is_written_as_a_moodle_writes_it(app):
    teacher = make_teacher()
    course = tide(teacher)
    week = with_number(sections_of(course.version_id), 636)

    job, path = back_up_part(course, week, teacher, people=False)

    assert job.state == JobState.DONE, job.problem
    differences = compare(corpus_file("tide101-4.5-section"), path)
    assert [row for row in differences if not names_a_person(row) and not is_only_indentation(row)] == []
    assert len([row for row in differences if row["where"] == "files.xml"]) == 6


def test_an_activity_with_its_people_is_written_as_a_moodle_writes_it(app):
    teacher = make_teacher()
    course = tide(teacher)
    quiz = with_number(activities_of(course.version_id), 557)

    job, path = back_up_part(course, quiz, teacher)

    assert job.state == JobState.DONE, job.problem
    assert compare(corpus_file("tide101-4.5-activity-quiz"), path) == []


@pytest.mark.parametrize(
    ("name", "scope", "part", "people"),
    [("section", "section", 636, False), ("activity-quiz", "activity", 557, True)],
)
def test_the_archive_has_the_documents_and_the_manifest_of_a_moodle(app, name, scope, part, people):
    moodles = members_of(corpus_file(f"tide101-4.5-{name}"))
    teacher = make_teacher()
    course = tide(teacher)
    rows = (sections_of if scope == "section" else activities_of)(course.version_id)

    _, path = back_up_part(course, with_number(rows, part), teacher, people=people)

    ours = members_of(path)
    assert set(moodles) - set(ours) <= {".ARCHIVE_INDEX", "moodle_backup.log"}
    assert set(ours) - set(moodles) == set()
    assert list(settings_of(ours)) == list(settings_of(moodles))
    assert {**settings_of(ours), "filename": ""} == {**settings_of(moodles), "filename": ""}
    for place in ("contents", "details/detail/type"):
        assert said(manifest_of(ours).find(place)) == said(manifest_of(moodles).find(place))
    for one in (one for one in moodles if one.endswith("inforef.xml")):
        assert {found for found in listed(ours, one) if found[0] != "question_bank_entry"} == listed(
            moodles, one
        )


def said(element):
    return etree.canonicalize(element, strip_text=True)


# What goes along


def test_a_section_goes_with_its_activities_and_their_files(app):
    members = part_of(small_course(), "Week one")

    assert folders(members) == {"sections/section_32", "activities/page_42", "activities/resource_43"}
    whole_course = {"gradebook.xml", "grade_history.xml", "completion.xml"}
    assert not [name for name in members if name.startswith("course/") or name in whole_course]
    assert ids_in(members, "files.xml", "file") == {601, 603}
    assert [one.text for one in manifest_of(members).iter("directory")] == [
        "activities/page_42",
        "activities/resource_43",
        "sections/section_32",
    ]


def test_an_activity_goes_alone(app):
    members = part_of(small_course(), "Read a tide table")

    assert folders(members) == {"activities/page_42"}
    assert ids_in(members, "files.xml", "file") == {601}
    assert [name for name in members if name.startswith("files/")] == [PAGE_PICTURE.entry]
    assert "completion.xml" in members
    contents = manifest_of(members).find("contents")
    assert [one.tag for one in contents] == ["activities"]
    assert contents.findtext("activities/activity/sectionid") == "32"


def test_the_people_are_those_that_the_part_names(app):
    with_forum = part_of(small_course(), "Announcements")
    with_page = part_of(small_course(), "Read a tide table")

    assert ids_in(with_forum, "users.xml", "user") == {101}
    assert ids_in(with_page, "users.xml", "user") == set()
    assert listed(with_forum, "activities/forum_41/inforef.xml") == {("user", 101)}


def test_without_people_nobody_is_named(app):
    members = part_of(small_course(), "Announcements", people=False)

    assert "users.xml" not in members
    assert not [name for name, content in members.items() if re.search(rb"Amira|aholt|>101<", content)]
    assert settings_of(members)["forum_41_userinfo"] == "0"


def test_made_anonymous_the_people_of_the_part_keep_their_part(app):
    members = part_of(small_course(), "Announcements", anonymise=True)

    (number,) = ids_in(members, "users.xml", "user")
    assert listed(members, "activities/forum_41/inforef.xml") == {("user", number)}
    assert f"<userid>{number}</userid>".encode() in members["activities/forum_41/forum.xml"]
    assert not [name for name, content in members.items() if re.search(rb"Amira|aholt|>101<", content)]
    assert settings_of(members)["anonymize"] == "1"


def test_a_subsection_goes_with_the_activity_that_opens_it(app):
    members = with_subsection(small_course())

    of_section = part_of(members, "Week one")
    of_activity = part_of(members, "More to read")

    inside = {"activities/subsection_44", "sections/section_33", "activities/page_45"}
    assert folders(of_activity) == inside
    assert folders(of_section) == inside | {
        "sections/section_32", "activities/page_42", "activities/resource_43",
    }  # fmt: skip
    assert [one.text for one in manifest_of(of_activity).iter("parentcmid")] == ["44"]


def test_groups_are_those_that_the_part_is_for(app):
    members = with_groups(small_course(), module=42, content="<groupingid>7</groupingid>")

    found = part_of(members, "Read a tide table")

    assert ids_in(found, "groups.xml", "grouping") == {7}
    assert ids_in(found, "groups.xml", "group") == {10}
    assert ids_in(found, "users.xml", "user") == {102}
    assert listed(found, "activities/page_42/inforef.xml") >= {("grouping", 7), ("group", 10)}


def test_groups_that_a_restriction_names_go_along(app):
    tree = '<availability>{"op":"&amp;","c":[{"type":"group","id":11}],"showc":[true]}</availability>'
    members = with_groups(small_course(), module=42, content=tree)

    found = part_of(members, "Read a tide table")

    assert ids_in(found, "groups.xml", "group") == {11}
    assert ids_in(found, "groups.xml", "grouping") == set()


def with_groups(members, module, content):
    """Two groups, and a grouping of the first; `content` takes its leaf's place in an activity's module.xml."""
    person = node("group_member", leaves(userid=102, timeadded=0, component="", itemid=0), id=501)
    groups = [
        node("group", [*leaves(name=name, idnumber=""), node("group_members", held)], id=number)
        for number, name, held in ((10, "Gulls", [person]), (11, "Crabs", []))
    ]
    inside = node("grouping_group", leaves(groupid=10, timeadded=0), id=701)
    grouping = node("grouping", [*leaves(name="Morning watch"), node("grouping_groups", [inside])], id=7)
    lists = [node("groupcustomfields", []), node("groupings", [grouping, node("groupingcustomfields", [])])]
    members["groups.xml"] = document(node("groups", groups + lists))
    name = f"activities/page_{module}/module.xml"
    leaf = re.match("<([a-z]+)>", content)[1].encode()
    old = rb"<%s>[^<]*</%s>" % (leaf, leaf)
    members[name] = re.sub(old, content.encode().replace(b"\\", rb"\\"), members[name])
    return members


def test_scales_and_outcomes_are_those_that_grades_use(app):
    members = small_course()
    scales = [
        node("scale", leaves(courseid=7, userid=0, name=f"Scale {one}"), id=one) for one in (21, 22, 23)
    ]
    members["scales.xml"] = document(node("scales_definition", scales))
    outcomes = [
        node("outcome", leaves(courseid=7, userid=0, fullname="Reads a table", scaleid=one + 1), id=one)
        for one in (21, 30)
    ]
    members["outcomes.xml"] = document(node("outcomes_definition", outcomes))
    item = node("grade_item", leaves(itemname="Reading", scaleid=23, outcomeid=21), id=15)
    grades = node("activity_gradebook", [node("grade_items", [item]), node("grade_letters", [])])
    members["activities/page_42/grades.xml"] = document(grades)

    found = part_of(members, "Read a tide table")

    assert ids_in(found, "outcomes.xml", "outcome") == {21}
    assert ids_in(found, "scales.xml", "scale") == {22, 23}


def test_roles_are_those_that_are_given_in_the_part(app):
    members = small_course()
    given = node("assignment", leaves(roleid=3, userid=102, modifierid=102), id=801)
    members["activities/page_42/roles.xml"] = document(
        node("roles", [node("role_overrides", []), node("role_assignments", [given])])
    )

    found = part_of(members, "Read a tide table")

    assert ids_in(found, "roles.xml", "role") == {3}
    assert ids_in(found, "users.xml", "user") == {102}


def test_badges_stay_with_the_course(app):
    members = small_course()
    badge = node("badge", leaves(name="Navigator"), id=9)
    members["badges.xml"] = document(node("badges", [badge]))

    assert ids_in(part_of(members, "Week one"), "badges.xml", "badge") == set()


# The question bank

OWN = {90, 91}  # what stands in the quiz's own bank goes along with it


@pytest.mark.parametrize(
    ("slots", "categories", "entries"),
    [
        ([], set(), set()),
        ([fixed(201)], {80, 81}, {201}),
        ([fixed(203)], {80, 81, 82}, {203}),
        ([fixed(205)], set(), set()),
        ([fixed(999)], set(), set()),
        ([drawn(81)], {80, 81}, {201, 202}),
        ([drawn(81, below=True)], {80, 81, 82}, {201, 202, 203}),
        ([drawn(83), fixed(202)], {80, 81, 83}, {202, 204}),
    ],
    ids=["none", "fixed", "deep", "own", "nowhere", "drawn", "drawn below", "both"],
)
def test_questions_are_those_that_the_quiz_asks(app, slots, categories, entries):
    members = part_of(quiz_course(slots), "Check yourself")

    assert ids_in(members, "questions.xml", "question_category") == categories | OWN
    assert ids_in(members, "questions.xml", "question_bank_entry") == entries | {205}
    named = {number for kind, number in listed(members, INFOREF) if kind == "question_category"}
    assert named == categories | OWN


def test_a_question_goes_with_the_questions_that_it_is_made_of(app):
    members = part_of(quiz_course([fixed(201)], parts_of=1201), "Check yourself")

    assert ids_in(members, "questions.xml", "question_bank_entry") == {201, 204, 205}


def test_pictures_in_questions_go_with_the_questions(app):
    pictures = [
        StoredFile(
            700 + one, f"{one}.png", b"%d" % one, COURSE_CONTEXT, "question", "questiontext", 1200 + one
        )
        for one in (1, 2)
    ]
    members = quiz_course([fixed(201)])
    members |= {name: content for name, content in small_course(files=pictures).items() if "files" in name}

    found = part_of(members, "Check yourself")

    assert ids_in(found, "files.xml", "file") == {701}


def test_a_part_without_a_quiz_has_no_questions(app):
    members = part_of(quiz_course([fixed(201)]), "Announcements")

    assert ids_in(members, "questions.xml", "question_category") == set()


def test_the_questions_of_an_old_quiz_go_with_it(app):
    teacher = make_teacher()
    original = corpus_file("fixture-3.10-attempts-missing-users")
    _, course = restore(original.read_bytes(), teacher)
    quiz = next(one for one in activities_of(course.version_id) if one.type == "quiz")

    _, path = back_up_part(course, quiz, teacher)

    members = members_of(path)
    text = members[f"{quiz.directory}/quiz.xml"].decode()
    asked = {int(one) for one in re.findall(r"<questionid>(\d+)</questionid>", text)}
    bank = {
        int(one.get("id")) for one in etree.fromstring(members_of(original)["questions.xml"]).iter("question")
    }
    assert asked & bank
    assert asked & bank <= ids_in(members, "questions.xml", "question")


def test_the_list_of_a_whole_course_s_quiz_names_its_categories_up_to_the_top(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(quiz_course([fixed(203)])), teacher)

    _, path = back_up(course, teacher)

    assert listed(members_of(path), INFOREF) >= {("question_category", one) for one in (80, 81, 82)}


def test_the_list_of_a_whole_course_s_activity_names_the_groups_of_its_grouping(app):
    teacher = make_teacher()
    members = with_groups(small_course(), module=42, content="<groupingid>7</groupingid>")
    _, course = restore(pack_tgz(members), teacher)

    _, path = back_up(course, teacher)

    assert listed(members_of(path), "activities/page_42/inforef.xml") >= {("grouping", 7), ("group", 10)}


def test_what_an_unknown_type_lists_goes_along(app):
    own = node("game", leaves(name="Tide race"), id=54)
    members = quiz_course([])
    members |= activity_documents("game", 45, 55, 75, own, True)
    members["activities/game_45/inforef.xml"] = document(inforef(question_category=[81]))
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "game", 45, "Tide race")

    found = part_of(members, "Tide race")

    assert ids_in(found, "questions.xml", "question_category") == {80, 81}
    assert ids_in(found, "questions.xml", "question_bank_entry") == {201, 202}


# Names, and refusals


def test_the_name_says_what_is_in_the_file(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    week, _ = back_up_part(course, section(course, "Week one"), teacher)
    page, _ = back_up_part(course, activity(course, "Read a tide table"), teacher, people=False, files=False)

    assert re.fullmatch(r"backup-moodle2-section-32-week_one-\d{8}-\d{4}\.mbz", week.result["filename"])
    assert re.fullmatch(r"backup-moodle2-activity-42-page42-\d{8}-\d{4}-nu-nf\.mbz", page.result["filename"])


def test_the_message_does_not_speak_of_the_whole_course(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    job, _ = back_up_part(course, activity(course, "Read a tide table"), teacher)

    message = db.session.query(Message).filter_by(job_id=job.id).one()
    assert message.subject == "“Read a tide table” in Reading the tide is backed up"


def test_a_section_without_a_name_is_called_by_its_number(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)
    week = section(course, "Week one")
    with write_transaction() as session:
        session.get(Section, week.id).name = None

    job, _ = back_up_part(course, week, teacher)

    assert job.result["filename"].startswith("backup-moodle2-section-32-1-")


def test_a_section_that_has_gone_meanwhile_is_not_backed_up(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)
    week = section(course, "Week one")
    restore(pack_tgz(small_course()), teacher, course)

    job, path = back_up_part(course, week, teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert "gone from the course" in job.problem


def test_who_may_no_longer_back_up_gets_nothing(app):
    teacher, owner = make_teacher(), make_teacher()
    _, course = restore(pack_tgz(small_course()), owner)
    with write_transaction() as session:
        session.query(Membership).filter_by(course_id=course.id, user_id=teacher.id).delete()

    job, path = back_up_part(course, section(course, "Week one"), teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert "may no longer back up" in job.problem


def test_a_course_that_came_as_a_section_goes_as_a_course(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)
    with write_transaction() as session:
        version = session.get(CourseVersion, course.version_id)
        version.manifest = version.manifest | {"details": version.manifest["details"] | {"type": "section"}}

    _, path = back_up(course, teacher)

    assert survey(path).kind == "course"
