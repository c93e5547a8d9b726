"""The page of a course, to read and to edit."""

import pytest
import sqlalchemy as sa

from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import (
    join,
    make_activity,
    make_admin,
    make_archive,
    make_course,
    make_job,
    make_person,
    make_section,
    make_teacher,
)
from tests.pages import text
from tests.running import restore
from webapp.extensions import db
from webapp.models import Activity, CourseRole, JobState, Section


@pytest.fixture
def course(app):
    return make_course("GEO 9")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher("nadia", course=course))


@pytest.fixture
def pupil(course):
    return make_person("pip", course=course)


def headings(soup):
    return [text(one) for one in soup.select("main section h2")]


def lines(soup):
    return [text(one) for one in soup.select(".act .what a")]


def test_it_shows_sections_and_what_is_in_them(page, course, pupil, sign_in_as):
    sign_in_as(pupil)

    soup = page(f"/courses/{course.id}")

    assert headings(soup) == ["Start here", "The tide", "At the harbour"]
    assert lines(soup) == [
        "How this course works", "Why the sea rises", "Tide tables", "Charts", "Check yourself", "What did you see?"
    ]  # fmt: skip
    assert "Link · tides.example" in soup.text
    assert "Folder · no file yet" in soup.text


def test_a_text_stands_in_the_page_itself(page, course, teacher):
    make_activity(
        make_section(course),
        "label",
        "Note",
        intro='<h2>Low water</h2><p><img src="@@PLUGINFILE@@/a b.png" alt=""></p>',
    )

    soup = page(f"/courses/{course.id}")

    assert "Low water" in [text(one) for one in soup.select(".act h3")]
    assert soup.select_one(".act img")["src"].endswith("/mod_label/intro/0/a%20b.png")


def test_names_are_shown_without_the_html_that_is_in_them(page, course, teacher):
    link = make_activity(make_section(course, "<b>Ebb</b> &amp; flow"), "url", "<em>Tides</em>: a film")

    soup = page(f"/courses/{course.id}")
    moving = page(f"/courses/{course.id}/activities/{link.id}/move")

    assert "Ebb & flow" in headings(soup)
    assert "Tides: a film" in lines(soup)
    assert text(moving.h1) == "Move “Tides: a film”"


def test_pupils_dont_see_what_is_hidden(page, course, pupil, sign_in_as):
    make_activity(make_section(course, "Shown"), "page", "Not yet", visible=0)
    make_activity(make_section(course, "Later", visible=0), "page", "In a hidden section")
    sign_in_as(pupil)

    soup = page(f"/courses/{course.id}")

    assert "Shown" in headings(soup)
    assert "Later" not in headings(soup)
    assert "Not yet" not in soup.text
    assert "In a hidden section" not in soup.text


def test_teachers_see_it_with_a_word_that_it_is(page, course, teacher):
    make_activity(make_section(course, "Later", visible=0), "page", "Not yet", visible=0)

    soup = page(f"/courses/{course.id}")

    assert "Later Hidden from pupils" in headings(soup)
    assert "Not yet" in lines(soup)


def test_a_subsection_opens_inside_its_section(page, course, teacher):
    opener = make_activity(make_section(course, "Week 1"), "subsection", "Day one")
    inner = make_section(course, "Day one", parent_cmid=str(opener.moodle_id))
    make_activity(inner, "page", "In the morning")

    soup = page(f"/courses/{course.id}")

    assert "Day one" not in headings(soup)
    assert "In the morning" in [text(one) for one in soup.select(f"#a{opener.id} .act a")]


@pytest.mark.parametrize("claim", ["itself", "each other"])
def test_sections_that_claim_to_be_in_each_other_are_shown_once(page, course, teacher, claim):
    first, second = make_section(course, "One"), make_section(course, "Two")
    opener = make_activity(first, "subsection", "Opener")
    other = make_activity(second, "subsection", "Other")
    first.parent_cmid = str(opener.moodle_id if claim == "itself" else other.moodle_id)
    second.parent_cmid = str(opener.moodle_id)
    db.session.commit()

    soup = page(f"/courses/{course.id}")

    assert headings(soup)[-2:] == ["One", "Two"]


def test_it_says_who_is_in_it_and_when_it_was_kept_safe(page, course, teacher, pupil):
    make_archive(teacher, course)

    soup = page(f"/courses/{course.id}")

    assert "1 pupil, 1 teacher" in soup.text
    assert "1 backup" in text(soup.find("aside"))


def test_pupils_are_not_told_who_else_there_is_nor_of_backups(page, course, pupil, sign_in_as):
    sign_in_as(pupil)

    soup = page(f"/courses/{course.id}")

    assert "1 pupil" not in soup.text
    assert "Kept safe" not in soup.text
    assert not soup.find("a", href=f"/courses/{course.id}/edit")


def test_blocks_are_named(page, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)

    assert "Tide note" in text(page(f"/courses/{course.id}").find("aside"))


def test_editing_offers_every_deed(page, course, teacher):
    soup = page(f"/courses/{course.id}/edit")

    first = soup.select_one(".act")
    menu = [text(one) for one in first.select(".sheet a, .sheet button")]
    assert menu == [
        "Edit",
        "Move down",
        "Move to another section…",
        "Hide from pupils",
        "Duplicate",
        "Back up…",
        "Restore here…",
        "Move to another course…",
        "Delete…",
    ]
    assert soup.find("a", href=f"/courses/{course.id}/sections/new")
    top = soup.select_one(".section")
    assert "Delete…" not in [
        text(one) for one in top.select(".section-head .sheet a, .section-head .sheet button")
    ]


def test_the_first_cant_go_up_nor_the_last_down(page, course, teacher):
    soup = page(f"/courses/{course.id}/edit")

    arrows = [
        [arrow.get("aria-disabled") for arrow in act.select(".tools > .btn")]
        for act in soup.select(".section:nth-of-type(2) .act")
    ]
    assert arrows == [["true", None], [None, None], [None, "true"]]


def test_while_a_job_works_on_it_editing_says_whose(page, course, teacher):
    nadia = make_teacher("odo", first_name="Odo", course=course)
    make_job(nadia, course, state=JobState.RUNNING)

    assert "Odo Okafor is backing up this course" in page(f"/courses/{course.id}/edit").text


def test_without_a_job_there_is_no_warning(page, course, teacher):
    warnings = page(f"/courses/{course.id}/edit").find(id="course-warning")

    assert not text(warnings)
    assert warnings["hx-get"].startswith(f"/courses/{course.id}/warning")


class Queries:
    def __init__(self):
        self.said = []

    def __call__(self, _connection, _cursor, statement, *_):
        self.said.append(statement)

    def about(self, table):
        return [one for one in self.said if f"FROM {table}" in one]


@pytest.fixture
def queries(app):
    counted = Queries()
    sa.event.listen(db.engine, "before_cursor_execute", counted)
    yield counted
    sa.event.remove(db.engine, "before_cursor_execute", counted)


@pytest.mark.parametrize("way", ["", "/edit"])
def test_a_large_course_asks_no_more_than_a_small_one(client, app, sign_in_as, queries, way):
    small, large = make_course("S"), make_course("L")
    for number in range(6):
        section = make_section(large, f"Week {number}")
        for kind in ("page", "label", "folder", "quiz", "url", "resource"):
            make_activity(section, kind, f"{kind} {number}", intro='<img src="@@PLUGINFILE@@/a.png">')
    teacher = sign_in_as(make_teacher(course=small))
    join(teacher, large, CourseRole.EDITING_TEACHER)
    client.get(f"/courses/{small.id}{way}")

    counts = []
    for course in (small, large):
        queries.said.clear()
        assert client.get(f"/courses/{course.id}{way}").status_code == 200
        counts.append(len([one for one in queries.said if one.startswith("SELECT")]))

    assert counts[0] == counts[1]
    assert counts[1] < 30


def test_the_warning_costs_one_indexed_question(client, course, teacher, queries):
    client.get(f"/courses/{course.id}/edit")
    asked = queries.about("job")

    assert len(asked) == 2, "what is being done, and what has failed"
    plan = db.session.execute(
        sa.text(
            "EXPLAIN QUERY PLAN SELECT id FROM job WHERE course_id = 1 AND state IN ('queued', 'running')"
        )
    )
    assert any("ix_job_busy_course" in row.detail for row in plan)


def test_reading_asks_nothing_about_jobs(client, course, teacher, queries):
    client.get(f"/courses/{course.id}")

    assert queries.about("job") == []


def test_a_restored_course_shows_its_pictures(page, client, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(pack_tgz(small_course()), admin)
    address = next(
        link["href"]
        for link in page(f"/courses/{course.id}").select(".act a")
        if text(link) == "Read a tide table"
    )

    picture = page(address).select_one(".rich-text img")

    answer = client.get(picture["src"])
    assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_an_empty_section_on_top_is_not_shown_to_readers(page, course, teacher):
    make_section(course, "Nothing yet")
    top = course_top(course)

    assert "Start here" in headings(page(f"/courses/{course.id}"))
    for activity in db.session.query(Activity).filter_by(section_id=top.id):
        db.session.delete(activity)
    db.session.commit()

    reading = page(f"/courses/{course.id}")
    assert "Start here" not in reading.text
    assert "Nothing yet" in headings(reading)
    assert "Start here" in headings(page(f"/courses/{course.id}/edit"))


def course_top(course):
    return db.session.query(Section).filter_by(version_id=course.version_id, number=0).one()
