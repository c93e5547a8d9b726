"""Many courses at once: who manages which, what is done to those that are ticked, and what is said of it."""

import pytest
import sqlalchemy as sa

from tests.factories import keep, make_admin, make_category, make_course, make_job, make_person, make_teacher
from tests.pages import form_data, text
from webapp.access.rights import forget_rules
from webapp.extensions import db
from webapp.models import (
    BinEntry,
    CategoryManager,
    Course,
    Job,
    JobKind,
    JobState,
    set_setting,
)

LIST = "/courses/manage"


@pytest.fixture
def year(app):
    return make_category("Year 9")


@pytest.fixture
def courses(year):
    """Three courses, two of them in a category."""
    names = (("Rocks", year.id), ("Tides", year.id), ("Waves", None))
    return [make_course(name[:3].upper(), fullname=name, category_id=where) for name, where in names]


@pytest.fixture
def admin(courses, sign_in_as):
    return sign_in_as(make_admin("office"))


@pytest.fixture
def manager(courses, year, sign_in_as):
    """Somebody who manages the category, and has no role in any course."""
    user = make_teacher("mona")
    keep(CategoryManager(category_id=year.id, user_id=user.id))
    forget_rules()
    return sign_in_as(user)


@pytest.fixture
def do(client, page):
    """Press a button with some courses ticked; returns the page that follows."""

    def press(deed, courses, **more):
        chosen = [course.id for course in courses]
        answer = client.post(LIST, data={"deed": deed, "courses": chosen} | more)
        assert answer.status_code == 303
        return page(answer.location)

    return press


def listed(soup):
    return [text(row.select_one("th a")) for row in soup.select("tbody tr")]


def jobs_of(kind):
    return [
        job.title for job in db.session.scalars(sa.select(Job).where(Job.kind == kind).order_by(Job.title))
    ]


def test_courses_are_looked_for_and_put_in_order(page, admin):
    cases = {
        "": ["Rocks", "Tides", "Waves"],
        "?q=tid": ["Tides"],
        "?q=none+such": [],
        "?category=none": ["Waves"],
        "?order=changed": ["Waves", "Tides", "Rocks"],
        "?order=category": ["Rocks", "Tides", "Waves"],
    }

    assert {asked: listed(page(LIST + asked)) for asked in cases} == cases
    assert "Nothing found" in page(f"{LIST}?q=none+such").text


def test_a_category_shows_the_courses_of_those_inside_it_too(page, admin, courses, year):
    inside = make_category("Autumn")
    inside.parent_id, courses[2].category_id = year.id, inside.id
    db.session.commit()

    assert listed(page(f"{LIST}?category={year.id}")) == ["Rocks", "Tides", "Waves"]
    assert listed(page(f"{LIST}?category={inside.id}")) == ["Waves"]


def test_a_manager_of_a_category_sees_its_courses_and_no_others(page, client, manager, courses):
    assert listed(page(LIST)) == ["Rocks", "Tides"]
    assert client.get(f"/courses/{courses[0].id}/edit").status_code == 200
    assert client.get(f"/courses/{courses[2].id}").status_code == 404


def test_whoever_manages_no_category_manages_no_courses(client, courses, sign_in_as):
    for make in (make_person, make_teacher):
        sign_in_as(make(course=courses[0]))

        assert client.get(LIST).status_code == 403
        assert client.post(LIST, data={"deed": "hide", "courses": courses[0].id}).status_code == 403
        assert client.post(f"{LIST}/delete", data={"courses": courses[0].id}).status_code == 403


def test_courses_are_hidden_shown_and_moved(page, admin, courses, year, do):
    rocks, _, waves = courses

    assert "2 courses are hidden from pupils." in do("hide", [rocks, waves]).text
    assert [course.visible for course in courses] == [False, True, False]
    do("show", [rocks])
    do("move", [waves], to=year.id)
    do("move", [rocks], to=0)

    assert rocks.visible
    assert [course.category_id for course in courses] == [None, year.id, year.id]


def test_all_that_were_found_are_meant_where_somebody_says_so(client, page, admin, courses, year):
    found = {"everything": "y", "category": year.id}

    client.post(LIST, data={"deed": "hide"} | found)
    assert [course.visible for course in courses] == [False, False, True]
    asked = page(client.post(LIST, data={"deed": "delete"} | found).location)
    form = asked.select_one("main form")
    client.post(form["action"], data=form_data(form))

    assert [course.fullname for course in db.session.scalars(sa.select(Course))] == ["Waves"]


def test_backups_are_asked_for_and_those_under_way_are_named(admin, courses, do, in_background):
    rocks, tides, _ = courses
    make_job(admin, tides)

    soup = do("back up", [rocks, tides])

    assert jobs_of(JobKind.BACKUP) == ["Rocks", "Tides"]
    assert "1 course is to be backed up." in soup.text
    assert "Under way already: “Tides”." in soup.text


def test_what_is_too_much_work_at_a_time_is_left_and_named(admin, courses, do, in_background):
    set_setting("jobs_per_person", 2, by=None)
    db.session.commit()

    soup = do("back up", courses)

    assert jobs_of(JobKind.BACKUP) == ["Rocks", "Tides"]
    assert "2 courses are to be backed up." in soup.text
    assert "Not asked for: “Waves”. You have 2 jobs under way" in soup.text


def test_who_makes_no_courses_copies_none(client, courses, year, sign_in_as):
    user = make_person("mia")
    keep(CategoryManager(category_id=year.id, user_id=user.id))
    sign_in_as(user)

    assert client.post(LIST, data={"deed": "duplicate", "courses": courses[0].id}).status_code == 403
    assert db.session.scalars(sa.select(Job)).all() == []


def test_copies_are_asked_for_under_names_of_their_own(admin, courses, do, in_background):
    do("duplicate", courses[:2])

    copies = db.session.scalars(sa.select(Job).where(Job.kind == JobKind.COPY).order_by(Job.id)).all()
    assert [job.options["fullname"] for job in copies] == ["Rocks (copy)", "Tides (copy)"]
    assert {job.state for job in copies} == {JobState.QUEUED}


def test_deleting_names_the_courses_and_says_for_how_long_they_can_come_back(
    client, page, admin, courses, do
):
    rocks, tides, _ = courses
    numbers = {rocks.id, tides.id}

    soup = do("delete", [rocks, tides])
    assert [text(one) for one in soup.select("main li")][-2:] == ["Rocks ROC", "Tides TID"]
    assert "They can come back for 7 days" in soup.text
    assert len(db.session.scalars(sa.select(Course)).all()) == 3
    answer = client.post(f"{LIST}/delete", data={"courses": list(numbers)})

    assert "2 courses are deleted. They can come back for 7 days, from the bin." in page(answer.location).text
    assert {entry.course_id for entry in db.session.scalars(sa.select(BinEntry))} == numbers


def test_nothing_is_done_where_nothing_is_ticked(admin, courses, do):
    assert "Tick at least one course first." in do("hide", []).text


def test_a_manager_does_nothing_to_courses_of_other_categories(manager, courses, do):
    waves = courses[2]

    for deed in ("hide", "delete", "back up", "duplicate"):
        assert "Tick at least one course first." in do(deed, [waves]).text

    assert waves.visible
    assert db.session.scalars(sa.select(Job)).all() == []


def test_a_manager_moves_courses_between_their_own_categories_alone(client, manager, courses, year, do):
    other, inside = make_category(), make_category("Autumn")
    inside.parent_id = year.id
    db.session.commit()
    rocks = courses[0]

    do("move", [rocks], to=inside.id)
    assert rocks.category_id == inside.id
    elsewhere = client.post(LIST, data={"deed": "move", "courses": rocks.id, "to": other.id})
    nowhere = client.post(LIST, data={"deed": "move", "courses": rocks.id, "to": 0})

    assert (elsewhere.status_code, nowhere.status_code) == (404, 403)
    assert rocks.category_id == inside.id


def test_a_deed_that_there_is_not_is_not_understood(client, admin, courses):
    assert client.post(LIST, data={"deed": "burn", "courses": courses[0].id}).status_code == 400
