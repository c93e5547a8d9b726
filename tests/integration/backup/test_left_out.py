"""What needs something that is left out of a backup is named: beforehand, and at the end."""

import pytest

from jobs.steps.selecting.dependants import dependants
from tests.archives import pack_tgz, small_course
from tests.course_documents import document, leaves, node
from tests.demands import faults
from tests.factories import make_course, make_person, make_teacher
from tests.pages import form_data, fragment, text
from tests.quiz_course import QUIZ, quiz_course, with_activity
from tests.running import back_up, restore
from webapp.extensions import db
from webapp.models import Course, CourseRole, Job, JobState, set_setting

NOTHING = {"sections": [], "activities": []}
GRADED = node(
    "activity_gradebook",
    [node("grade_items", [node("grade_item", leaves(itemname="Check"), id=15)]), node("grade_letters", [])],
)


def said_of(members, **leave_out):
    teacher = make_teacher()
    _, course = restore(pack_tgz(members), teacher)
    return dependants(db.session(), course.version, NOTHING | leave_out)


def restricted(members, *conditions, folder="activities/page_42/module.xml", leaf="availability"):
    tree = f'{{"op":"&amp;","c":[{",".join(conditions)}],"showc":[true]}}'
    old = f"<{leaf}>$@NULL@$</{leaf}>".encode()
    assert old in members[folder]
    members[folder] = members[folder].replace(old, f"<{leaf}>{tree}</{leaf}>".encode())
    return members


def test_nothing_left_out_leaves_nothing_to_say(app):
    assert said_of(restricted(small_course(), '{"type":"completion","cm":43,"e":1}')) == []


def test_what_nobody_needs_goes_without_a_word(app):
    assert said_of(small_course(), activities=[43]) == []


def test_the_gradebook_is_named_with_the_grades_that_it_needs(app):
    members = quiz_course([])
    members[f"activities/quiz_{QUIZ}/grades.xml"] = document(GRADED)
    category = node("grade_category", leaves(fullname="All"), id=1)
    members["gradebook.xml"] = document(node("gradebook", [node("grade_categories", [category])]))

    assert said_of(members, activities=[QUIZ]) == [
        "The gradebook with its categories and totals stays out: it needs the grades of “Check yourself”."
    ]
    assert said_of(members, activities=[43]) == []


def test_the_rules_for_completing_the_course_and_for_badges_are_named(app):
    members = small_course()
    rules = node("criteria", [node("criterion", leaves(badgeid=8, criteriatype=1), id=9)])
    members["badges.xml"] = document(
        node("badges", [node("badge", [*leaves(name="Navigator"), rules], id=8)])
    )
    criterion = node(
        "course_completion_criteria", leaves(criteriatype=4, module="page", moduleinstance=42), id=5
    )
    members["completion.xml"] = document(node("course_completion", [criterion]))

    assert said_of(members, activities=[43]) == [
        "The rules for completing the course stay out: they go only with all activities.",
        "What people have to do for a badge stays out: it goes only with all activities.",
    ]


def test_restrictions_to_what_is_left_out_are_named(app):
    members = quiz_course([])
    members[f"activities/quiz_{QUIZ}/grades.xml"] = document(GRADED)
    restricted(members, '{"type":"completion","cm":43,"e":1}', '{"type":"grade","id":15,"min":50}')

    assert said_of(members, activities=[43, QUIZ]) == [
        "“Read a tide table” opens only after “How to fold a chart” is completed, and that stays out.",
        "“Read a tide table” opens only with a grade in “Check yourself”, and that stays out.",
    ]
    assert said_of(members, activities=[42]) == []


def test_a_restricted_section_is_named_too(app):
    condition = '{"type":"completion","cm":41,"e":1}'
    members = restricted(
        small_course(), condition, folder="sections/section_32/section.xml", leaf="availabilityjson"
    )

    assert said_of(members, sections=[31]) == [
        "The section “Week one” opens only after “Announcements” is completed, and that stays out."
    ]


@pytest.mark.parametrize(
    ("link", "leave_out", "leads_to"),
    [
        ("$@RESOURCEVIEWBYID*43@$", {"activities": [43]}, "“How to fold a chart”"),
        ("$@FORUMVIEWBYF*51@$", {"activities": [41]}, "“Announcements”"),
        ("$@FORUMVIEWBYID*41@$", {"sections": [31]}, "“Announcements”"),
        ("$@COURSESECTIONBYID*31@$", {"sections": [31]}, "the section “General”"),
    ],
)
def test_links_to_what_is_left_out_are_named(app, link, leave_out, leads_to):
    members = small_course()
    name = "activities/page_42/page.xml"
    members[name] = members[name].replace(b"The sea comes", f'&lt;a href="{link}"&gt;See&lt;/a&gt; '.encode())

    assert said_of(members, **leave_out) == [f"“Read a tide table” links to {leads_to}, which stays out."]


def test_a_link_in_a_chapter_is_found(app):
    chapter = node("chapter", leaves(title="One", content='<a href="$@PAGEVIEWBYID*42@$">See</a>'), id=1)
    own = node("book", [*leaves(name="Almanac", intro="", introformat=1), node("chapters", [chapter])], id=54)
    members = small_course()
    members |= {
        name.replace("quiz", "book"): content
        for name, content in quiz_course([]).items()
        if "quiz_44" in name
    }
    activity = {"id": 54, "moduleid": 44, "modulename": "book", "contextid": 74}
    members["activities/book_44/book.xml"] = document(node("activity", [own], **activity))
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "book", 44, "Almanac")

    assert said_of(members, activities=[42]) == ["“Almanac” links to “Read a tide table”, which stays out."]


def test_a_link_that_somebody_wrote_in_a_discussion_is_theirs(app):
    members = small_course()
    name = "activities/forum_41/forum.xml"
    members[name] = members[name].replace(b"Bring a pencil.", b"See $@PAGEVIEWBYID*42@$ first.")

    assert said_of(members, activities=[42]) == []


def test_the_backup_says_it_at_the_end(app):
    teacher = make_teacher()
    members = restricted(small_course(), '{"type":"completion","cm":43,"e":1}')
    _, course = restore(pack_tgz(members), teacher)

    job, path = back_up(course, teacher, leave_out=NOTHING | {"activities": [43]})

    assert job.state == JobState.WARNED
    assert job.warnings == [
        "“Read a tide table” opens only after “How to fold a chart” is completed, and that stays out."
    ]
    assert faults(path) == []


# On the page


@pytest.fixture
def course(app, sign_in_as):
    set_setting("async_jobs", True, by=None)
    teacher = sign_in_as(make_teacher())
    members = restricted(small_course(), '{"type":"completion","cm":43,"e":1}')
    job, _ = restore(pack_tgz(members), teacher)
    return db.session.get(Course, job.result["course_id"])


@pytest.fixture
def choice(page, course):
    """What a browser would send once the handout has been left out."""
    shown = page(f"/courses/{course.id}/backups/new")
    data = form_data(shown.find("form", id="choice"))
    data["activities"] = [one for one in data["activities"] if one != "43"]
    return data


def backups():
    return [job for job in db.session.query(Job) if job.kind == "backup"]


def test_the_last_step_says_what_needs_what_is_left_out_and_begins(client, page, course, choice):
    there = client.post(f"/courses/{course.id}/backups/new", data=choice | {"go": "review"}).location
    shown = page(there)
    before = backups()
    client.post(f"/courses/{course.id}/backups/new", data=form_data(shown.find("form", id="choice")))

    assert "opens only after “How to fold a chart” is completed" in text(shown.select_one(".notice.warn"))
    assert before == []
    assert [job.options["leave_out"] for job in backups()] == [NOTHING | {"activities": [43]}]


def test_it_is_said_while_one_chooses(client, course, choice):
    said = fragment(client.post(f"/courses/{course.id}/backups/left-out", data=choice).text)

    assert "opens only after" in text(said)
    assert backups() == []


def test_who_may_not_back_up_is_not_told(app, client, page, sign_in_as):
    course = make_course()
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))
    token = page("/account").find("input", attrs={"name": "csrf_token"})["value"]

    answer = client.post(f"/courses/{course.id}/backups/left-out", data={"csrf_token": token})

    assert answer.status_code == 403
