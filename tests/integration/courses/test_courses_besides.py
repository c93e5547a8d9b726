"""What teachers read of a course beside its sections: dates, completion, badges, competencies, blocks, content."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.course_documents import MADE_AT, StoredFile, document, leaves, node
from tests.factories import make_admin, make_course, make_person, make_teacher
from tests.pages import text
from tests.running import restore
from tests.viewing import AMIRA, BEN, HOSTILE, restored_from, rows

SEPTEMBER = 1_756_713_600  # Mon 1 Sep 2025, 08:00 UTC
STAR = StoredFile(610, "f1.png", b"\x89PNG\r\n\x1a\n" + bytes(64), 70, "badges", "badgeimage", 3)
BOAT = StoredFile(611, "boat.h5p", b"a package", 70, "contentbank", "public", 5)


def completion():
    def criterion(number, kind, *met, **more):
        noted = [
            node(
                "course_completion_crit_compl",
                leaves(userid=who, timecompleted=MADE_AT),
                id=number * 10 + place,
            )
            for place, who in enumerate(met)
        ]
        own = leaves(course=7, criteriatype=kind, **more)
        return node(
            "course_completion_criteria", [*own, node("course_completion_crit_completions", noted)], id=number
        )

    return node("course_completion", [
        criterion(1, 4, AMIRA, BEN, module="page", moduleinstance=42),
        criterion(2, 6, gradepass="50.00000"),
        criterion(3, 5, enrolperiod=864_000),
        node("course_completions", leaves(userid=AMIRA, timecompleted=SEPTEMBER), id=1),
        node("course_completions", leaves(userid=BEN, timecompleted=None), id=2),
        node("course_completion_aggr_methd", leaves(course=7, criteriatype=None, method=2, value=None), id=1),
    ])  # fmt: skip


def badges():
    parameters = rows("parameters", "parameter", leaves(name="module_42", value=42))
    criteria = node("criteria", [
        node("criterion", leaves(criteriatype=0, method=1), id=1),
        node("criterion", [*leaves(criteriatype=1, method=1), parameters], id=2),
    ])  # fmt: skip
    awards = rows("manual_awards", "manual_award", leaves(recipientid=BEN, issuerid=AMIRA, datemet=SEPTEMBER))
    own = leaves(name="Tide reader", description=HOSTILE, issuername="The school", status=1)
    return node("badges", [node("badge", [*own, criteria, awards], id=3)])


def calendar():
    first = leaves(name="Walk", description="", format=1, courseid=7, groupid=0, timestart=SEPTEMBER,
                   timeduration=5400, location="The quay")  # fmt: skip
    later = leaves(name="Talk", description="<p>Bring notes.</p>", format=1, courseid=7, groupid=0,
                   timestart=SEPTEMBER + 86400, timeduration=0, location=None)  # fmt: skip
    return node("events", [node("event", later, id=52), node("event", first, id=51)])


def competencies(**more):
    own = leaves(idnumber="SEA-1", sortorder=0, frameworkidnumber="Sea", **more)
    return node("competencies", [node("competency", own)])


@pytest.fixture
def course(app):
    members = small_course(files=(STAR, BOAT))
    contents = leaves(name="A boat", contenttype="contenttype_h5p", instanceid=1)
    members |= {
        "completion.xml": document(completion()),
        "badges.xml": document(badges()),
        "course/calendar.xml": document(calendar()),
        "course/competencies.xml": document(node("course_competencies", [competencies(ruleoutcome=3)])),
        "course/contentbank.xml": document(node("contents", [node("content", contents, id=5)])),
        "activities/page_42/competencies.xml": document(node("course_module_competencies", [competencies()])),
    }
    return restored_from(pack_tgz(members))


def parts(soup):
    """What each section says, by its id."""
    return {one.h2["id"]: text(one) for one in soup.select("main section")}


def test_teachers_read_all_that_stands_beside_the_sections(page, client, course, sign_in_as):
    sign_in_as(make_teacher(course=course))

    soup = page(f"/courses/{course.id}/besides")

    said = parts(soup)
    assert said["calendar"].startswith("Calendar Walk Mon 1 Sep 2025, ")
    assert "for 1 hour 30 minutes · The quay Talk Tue 2 Sep 2025, " in said["calendar"]
    assert said["completion"].startswith(
        "The course is completed when One of these is enough: “Read a tide table” is done 2 people"
        " A course total of at least 50 They have been in the course for 10 days 1 person has completed it."
    )
    assert "Amira Holt Mon 1 Sep 2025, " in said["completion"]
    assert said["badges"].startswith(
        "Badges Tide reader Given out · by The school Low water Activities are done: “Read a tide table”"
        " Given by hand to Ben Okoro"
    )
    assert said["competencies"] == (
        "Competencies SEA-1 Of “Sea” · completing the course completes it In Read a tide table"
    )
    assert said["contents"].startswith("Content bank A boat H5P boat.h5p")
    assert soup.main.find("script") is None
    assert client.get(soup.select_one("img.badge")["src"]).status_code == 200


def test_the_texts_of_a_real_courses_blocks_can_be_read(page, app, sign_in_as):
    office = sign_in_as(make_admin("office"))
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), office)

    said = parts(page(f"/courses/{course.id}/besides"))

    assert said["texts"] == "Texts beside the course Tide note High water at noon."
    assert "Gulls meeting" in said["calendar"]
    assert "only for the group “Gulls”" in said["calendar"]


def test_a_course_with_nothing_beside_says_so(page, app, sign_in_as):
    course = make_course()
    sign_in_as(make_teacher(course=course))

    assert "Nothing beside the sections" in text(page(f"/courses/{course.id}/besides").main)


def test_pupils_and_strangers_do_not_see_it(client, course, sign_in_as):
    for person, status in ((make_person(course=course), 403), (make_teacher(), 404)):
        sign_in_as(person)

        assert client.get(f"/courses/{course.id}/besides").status_code == status
