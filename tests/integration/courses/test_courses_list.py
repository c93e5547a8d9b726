"""The list of courses, making one, and the categories they are listed under."""

import pytest

from tests.factories import join, keep, make_admin, make_category, make_course, make_person, make_teacher
from tests.pages import form_data, text
from webapp.access.rights import role_in
from webapp.extensions import db
from webapp.models import Category, Course, CourseRole


def listed(soup):
    return [text(link) for link in soup.select(".acts .what a")]


def test_people_see_the_courses_that_they_are_in(app, page, sign_in_as):
    own, hidden, other = make_course("A"), make_course("B", visible=False), make_course("C")
    pupil = make_person(course=own)
    join(pupil, hidden)

    sign_in_as(pupil)

    assert listed(page("/")) == [own.fullname]
    assert other.fullname not in page("/").text


def test_teachers_see_their_courses_while_they_are_hidden(page, sign_in_as, app):
    hidden = make_course("B", visible=False)
    sign_in_as(make_teacher(course=hidden, course_role=CourseRole.TEACHER))

    soup = page("/")

    assert listed(soup) == [hidden.fullname]
    assert "Hidden from pupils" in soup.text


def test_admins_see_every_course(page, sign_in_as, app):
    make_course("A", fullname="Waves"), make_course("B", fullname="Currents", visible=False)
    sign_in_as(make_admin())

    assert listed(page("/")) == ["Currents", "Waves"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tide", ["Reading the tide"]),
        ("READING tide", ["Reading the tide"]),
        ("geo", ["Rocks"]),
        ("100%", []),
    ],
)
def test_every_word_of_a_search_stands_in_the_names(page, sign_in_as, app, typed, found):
    make_course("SEA 1", fullname="Reading the tide"), make_course("GEO 1", fullname="Rocks")
    sign_in_as(make_admin())

    soup = page(f"/?q={typed.replace('%', '%25')}")

    assert listed(soup) == found
    if not found:
        assert "Nothing found" in soup.text


def test_courses_stand_under_their_categories_in_their_order(page, sign_in_as, app):
    first = keep(Category(name="Year 9", position=1))
    second = keep(Category(name="Year 10", position=2))
    make_course("A", fullname="Rocks", category_id=second.id)
    make_course("B", fullname="Waves", category_id=first.id)
    make_course("C", fullname="Clubs")
    sign_in_as(make_admin())

    soup = page("/")

    assert [text(heading) for heading in soup.select("main h2") if "c" in heading.get("id", "")] == [
        "Year 9", "Year 10", "Other courses"
    ]  # fmt: skip
    assert listed(soup) == ["Waves", "Rocks", "Clubs"]


def test_long_lists_go_by_pages(page, sign_in_as, app):
    for number in range(27):
        make_course(f"C{number:02}", fullname=f"Course {number:02}", content=())
    sign_in_as(make_admin())

    assert len(listed(page("/"))) == 25
    assert listed(page("/?page=2")) == ["Course 25", "Course 26"]


def test_who_may_make_courses_is_told_how(page, sign_in_as, app):
    sign_in_as(make_teacher())

    soup = page("/")

    assert "No courses yet" in soup.text
    assert soup.find("a", href="/courses/new")


def test_who_may_not_is_told_whom_to_ask(page, sign_in_as, app):
    sign_in_as(make_person("pip"))

    soup = page("/")

    assert "Tell them your user name: pip." in soup.text
    assert not soup.find("a", href="/courses/new")


def test_without_categories_a_course_needs_none(page, client, sign_in_as, app):
    sign_in_as(make_teacher())
    form = page("/courses/new").find("form", class_="measure")

    assert (
        client.post(form["action"], data=form_data(form, fullname="Tides", shortname="GEO 9")).status_code
        == 303
    )

    assert db.session.query(Course).one().category_id is None


def test_a_course_is_made(page, client, sign_in_as, app):
    teacher, category = sign_in_as(make_teacher()), make_category("Geography")
    form = page("/courses/new").find("form", class_="measure")

    answer = client.post(
        form["action"],
        data=form_data(form, fullname=" Tides ", shortname="GEO 9", category_id=category.id, sections=2),
    )

    course = db.session.query(Course).one()
    assert answer.status_code == 303
    assert answer.location == f"/courses/{course.id}/edit"
    assert (course.fullname, course.category_id, course.visible) == ("Tides", category.id, True)
    assert role_in(teacher, course.id) == CourseRole.MANAGER
    assert len(page(answer.location).select("section.section")) == 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"fullname": " "}, "This is empty."),
        ({"shortname": "TAKEN"}, "Another course has this short name."),
        ({"shortname": "x" * 101}, "No more than 100 letters."),
        ({"sections": "99"}, "Between 0 and 52."),
        ({"category_id": "77"}, "Not a valid choice."),
    ],
)
def test_what_cant_be_made_comes_back_with_a_sentence(client, sign_in_as, app, typed, sentence):
    make_course("TAKEN", category_id=make_category().id)
    sign_in_as(make_teacher())
    whole = {"fullname": "Tides", "shortname": "GEO 9", "category_id": 0, "sections": 1}

    answer = client.post("/courses/new", data=whole | typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.query(Course).count() == 1


def test_members_make_no_courses(client, sign_in_as, app):
    sign_in_as(make_person())

    assert client.get("/courses/new").status_code == 403
    assert client.post("/courses/new", data={"fullname": "x", "shortname": "x"}).status_code == 403


def names():
    db.session.rollback()
    return [one.name for one in db.session.query(Category).order_by(Category.position, Category.name)]


def test_categories_are_added_and_put_in_order(page, client, sign_in_as, app):
    sign_in_as(make_admin())
    for name in ("Year 7", "Year 8", "Year 9"):
        assert client.post("/categories", data={"name": name}).status_code == 303
    last = db.session.query(Category).filter_by(name="Year 9").one()

    client.post(f"/categories/{last.id}/move", data={"way": "up"})

    assert names() == ["Year 7", "Year 9", "Year 8"]
    assert "no course in it" in page("/categories").text
    for _ in range(3):
        client.post(f"/categories/{last.id}/move", data={"way": "up"})
    assert names() == ["Year 9", "Year 7", "Year 8"]


def test_a_category_is_renamed(page, client, sign_in_as, app):
    category = make_category("Year 7")
    sign_in_as(make_admin())
    form = page(f"/categories/{category.id}").find("form", class_="measure")

    assert client.post(form["action"], data=form_data(form, name="Year 8")).status_code == 303

    assert names() == ["Year 8"]


@pytest.mark.parametrize(("name", "sentence"), [("", "This is empty."), ("Year 8", "of this name already")])
def test_two_categories_dont_share_a_name(client, sign_in_as, app, name, sentence):
    category, _ = make_category("Year 7"), make_category("Year 8")
    sign_in_as(make_admin())

    for address in ("/categories", f"/categories/{category.id}"):
        answer = client.post(address, data={"name": name})

        assert answer.status_code == 422
        assert sentence in answer.text


def test_an_empty_category_is_deleted(client, sign_in_as, app):
    category = make_category("Year 7")
    sign_in_as(make_admin())

    assert client.post(f"/categories/{category.id}/delete").status_code == 303

    assert names() == []


def test_a_category_with_courses_stays(page, client, sign_in_as, app):
    category = make_category("Year 7")
    make_course("A", category_id=category.id)
    sign_in_as(make_admin())

    client.post(f"/categories/{category.id}/delete")

    assert names() == ["Year 7"]
    assert "There are courses in it." in page("/categories").text
