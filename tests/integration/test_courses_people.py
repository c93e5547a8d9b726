"""The people of a course: who is taken in, as what, and who came with the archive."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import join, make_admin, make_course, make_person, make_teacher
from tests.pages import form_data, text
from tests.running import restore
from webapp.extensions import db
from webapp.models import CourseRole, Person
from webapp.rights import role_in


@pytest.fixture
def course(app):
    return make_course("GEO 9")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher("nadia", course=course))


def the_form(soup):
    return soup.select_one("section[aria-labelledby=add] form")


def test_somebody_is_taken_in_by_user_name_or_address(page, client, course, teacher):
    pip, ada = make_person("pip"), make_person("ada")
    form = the_form(page(f"/courses/{course.id}/people"))

    for typed in ("pip", "ADA@school.example"):
        assert client.post(form["action"], data=form_data(form, who=typed)).status_code == 303

    assert [role_in(one, course.id) for one in (pip, ada)] == [CourseRole.STUDENT, CourseRole.STUDENT]
    assert "Pip Okafor" in page(f"/courses/{course.id}/people").find("table").text


@pytest.mark.parametrize(
    ("who", "sentence"), [("nobody", "Nobody here has this user name"), ("", "This is empty.")]
)
def test_who_has_no_account_cant_be_taken_in(page, client, course, teacher, who, sentence):
    form = the_form(page(f"/courses/{course.id}/people"))

    answer = client.post(form["action"], data=form_data(form, who=who))

    assert answer.status_code == 422
    assert sentence in answer.text


def test_nobody_gives_a_role_above_their_own(page, client, course, teacher):
    make_person("pip")
    form = the_form(page(f"/courses/{course.id}/people"))
    assert "Manager" not in [text(option) for option in form.select("option")]

    answer = client.post(form["action"], data=form_data(form, who="pip", role="manager"))

    assert answer.status_code == 422


def test_a_role_is_changed_and_taken_away(page, client, course, teacher):
    pip = make_person("pip", course=course)
    address = f"/courses/{course.id}/people/{pip.id}"

    client.post(address, data={"role": "teacher"})
    assert role_in(pip, course.id) == CourseRole.TEACHER
    answer = client.post(address, data={"role": ""})

    assert role_in(pip, course.id) is None
    assert "Pip Okafor is no longer in the course." in page(answer.location).text


def test_a_manager_is_not_put_out_by_a_teacher(page, client, course, teacher):
    manager = make_person("boss", course=course, course_role=CourseRole.MANAGER)

    answer = client.post(f"/courses/{course.id}/people/{manager.id}", data={"role": ""})

    assert role_in(manager, course.id) == CourseRole.MANAGER
    assert "has a role above yours" in page(answer.location).text


@pytest.mark.parametrize("role", ["king", "admin"])
def test_there_are_no_other_roles(client, course, teacher, role):
    pip = make_person("pip", course=course)

    assert client.post(f"/courses/{course.id}/people/{pip.id}", data={"role": role}).status_code == 404


def test_who_is_not_in_the_course_has_no_role_to_change(client, course, teacher):
    stranger = make_person()

    assert (
        client.post(f"/courses/{course.id}/people/{stranger.id}", data={"role": "student"}).status_code == 404
    )


def test_teachers_without_editing_look_and_change_nothing(page, course, sign_in_as):
    make_person("pip", course=course)
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))

    soup = page(f"/courses/{course.id}/people")

    assert "Pip Okafor" in soup.text
    assert soup.select("main form") == []


def test_people_who_came_with_the_archive_are_listed(page, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(pack_tgz(small_course(people=True)), admin)

    soup = page(f"/courses/{course.id}/people")

    names = [text(one) for one in soup.select("section[aria-labelledby=archive] tbody th")]
    assert names == ["Amira Holt", "Ben Okoro"]


def test_many_of_them_go_by_pages(page, course, sign_in_as):
    named = {"version_id": course.version_id, "first_name": "P", "body": b"<user/>"}
    db.session.add_all(Person(moodle_id=n, position=n, last_name=f"{n:03}", **named) for n in range(60))
    db.session.commit()
    admin = sign_in_as(make_admin())
    join(admin, course)

    soup = page(f"/courses/{course.id}/people?page=3")

    names = [text(one) for one in soup.select("section[aria-labelledby=archive] tbody th")]
    assert (names[0], names[-1]) == ("P 050", "P 059")
