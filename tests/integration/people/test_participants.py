"""The people of a course: who is taken in, as what, and who came with the archive."""

import csv

import pytest
import sqlalchemy as sa

from tests.archives import pack_tgz
from tests.factories import make_admin, make_course, make_person, make_teacher
from tests.pages import form_data, text
from tests.personal_course import personal_course
from tests.running import restore
from webapp.access.rights import role_in
from webapp.extensions import db
from webapp.models import AuditEntry, CourseRole, Person


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


def test_a_role_is_changed(page, client, course, teacher):
    pip = make_person("pip", course=course)

    answer = client.post(f"/courses/{course.id}/people/{pip.id}", data={"role": "teacher"})

    assert role_in(pip, course.id) == CourseRole.TEACHER
    assert "Pip Okafor is now in the course as teacher without editing." in page(answer.location).text


def test_before_somebody_is_taken_out_it_is_said_what_stays(page, client, course, teacher):
    pip = make_person("pip", course=course)
    link = page(f"/courses/{course.id}/people").select_one(f"a[href$='/{pip.id}/remove']")

    soup = page(link["href"])
    assert role_in(pip, course.id) == CourseRole.STUDENT
    assert "What they have made stays in it" in soup.text
    answer = client.post(soup.select_one("main form")["action"])

    assert role_in(pip, course.id) is None
    assert "Pip Okafor is no longer in the course." in page(answer.location).text


@pytest.mark.parametrize("ask", ["get", "post"])
def test_a_manager_is_not_put_out_by_a_teacher(page, client, course, teacher, ask):
    manager = make_person("boss", course=course, course_role=CourseRole.MANAGER)

    answer = getattr(client, ask)(f"/courses/{course.id}/people/{manager.id}/remove")

    assert role_in(manager, course.id) == CourseRole.MANAGER
    assert "has a role above yours" in page(answer.location).text


def test_a_whole_name_will_do_where_nobody_else_is_called_so(page, client, course, teacher):
    ada = make_person("ada", last_name="Lund")
    make_person("pip1", first_name="Pip"), make_person("pip2", first_name="Pip")
    form = the_form(page(f"/courses/{course.id}/people"))

    client.post(form["action"], data=form_data(form, who="ada lund"))
    answer = client.post(form["action"], data=form_data(form, who="Pip Okafor"))

    assert role_in(ada, course.id) == CourseRole.STUDENT
    assert answer.status_code == 422
    assert "Several people are called so. Type the user name of the one: pip1, pip2." in answer.text


@pytest.mark.parametrize("role", ["king", "admin", ""])
def test_there_are_no_other_roles(page, client, course, teacher, role):
    pip = make_person("pip", course=course)

    answer = client.post(f"/courses/{course.id}/people/{pip.id}", data={"role": role})

    assert role_in(pip, course.id) == CourseRole.STUDENT
    assert "There is no such role." in page(answer.location).text


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
    assert soup.select("main form[method=post]") == []


def test_many_people_of_both_kinds_go_by_pages(page, course, sign_in_as):
    named = {"version_id": course.version_id, "first_name": "P", "body": b"<user/>"}
    db.session.add_all(Person(moodle_id=n, position=n, last_name=f"{n:03}", **named) for n in range(60))
    db.session.commit()
    for number in range(27):
        make_person(f"m{number:02}", last_name=f"{number:03}", course=course)
    sign_in_as(make_admin())

    came = page(f"/courses/{course.id}/people/came?page=3")
    members = page(f"/courses/{course.id}/people?page=2")

    names = [text(one) for one in came.select("tbody th")]
    assert (names[0], names[-1]) == ("P 050", "P 059")
    assert [text(one) for one in members.select("tbody th")] == ["M25 025", "M26 026"]
    assert "Page 2 of 2" in members.text


def rows_of(soup):
    return [[text(cell) for cell in row.select("th, td")] for row in soup.select("main tbody tr")]


@pytest.fixture
def with_people(app, sign_in_as):
    """A restored course with a teacher and a pupil, the second of whom has an account here."""
    make_person("bokoro", email="b.okoro@school.example")
    members = personal_course()
    seen = b"<lastaccess>1757000000</lastaccess></user>"
    members["users.xml"] = members["users.xml"].replace(b"</user>", seen, 1)
    return restore(pack_tgz(members), sign_in_as(make_admin("office")))[1]


@pytest.fixture
def short_list(app, sign_in_as):
    """A restored course that gives somebody a role whom its list of people lacks."""
    members = personal_course()
    start = members["users.xml"].index(b'<user id="102"')
    end = members["users.xml"].index(b"</user>", start) + len(b"</user>")
    members["users.xml"] = members["users.xml"][:start] + members["users.xml"][end:]
    return restore(pack_tgz(members), sign_in_as(make_admin("office")))[1]


def test_the_course_says_how_many_came_with_it_and_as_what(page, with_people):
    words = text(page(f"/courses/{with_people.id}").select_one(".meta"))

    assert "1 pupil, 1 teacher" in words
    assert "2 people came with it: 1 pupil, 1 teacher; 1 has an account here" in words


def test_roles_of_people_whom_the_archive_does_not_list_are_not_counted(page, short_list):
    words = text(page(f"/courses/{short_list.id}").select_one(".meta"))

    assert "1 person came with it: 1 teacher; none has an account here" in words


def test_a_course_made_here_says_nothing_of_people_who_came(page, course, teacher):
    assert "came with it" not in page(f"/courses/{course.id}").select_one(".meta").text
    assert "Came with" not in page(f"/courses/{course.id}/people").select_one(".tabs").text
    assert "Nobody came with it" in page(f"/courses/{course.id}/people/came").text


def test_those_who_came_have_the_roles_and_groups_of_the_archive(page, with_people):
    amira, ben = rows_of(page(f"/courses/{with_people.id}/people/came"))

    assert amira[:4] == ["Amira Holt", "aholt", "Teacher", "Gulls"]
    assert "4 Sep 2025" in amira[4]
    assert ben[1:] == ["bokoro", "Pupil", "Gulls", "Not said", "Yes"]


def test_people_are_found_by_names_role_and_group(page, with_people):
    cases = {
        "q=ben+school.example": ([], ["Ben Okoro"]),
        "role=student": (["Bokoro Okafor"], ["Ben Okoro"]),
        "role=editingteacher": (["Office Okafor"], ["Amira Holt"]),
        "role=guest": ([], []),
        "group=91": (["Bokoro Okafor"], ["Amira Holt", "Ben Okoro"]),
        "group=91&role=student&q=ben": ([], ["Ben Okoro"]),
    }

    found = {
        asked: tuple(
            [row[0] for row in rows_of(page(f"/courses/{with_people.id}/{path}?{asked}"))]
            for path in ("people", "people/came")
        )
        for asked in cases
    }

    assert found == cases


def test_everybody_is_taken_away_once_as_csv_and_that_is_noted(client, with_people):
    answer = client.get(f"/courses/{with_people.id}/people.csv")

    rows = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))
    assert {(row["username"], row["role"], row["role_there"], row["groups"]) for row in rows} == {
        ("aholt", "", "Teacher", "Gulls"),
        ("bokoro", "student", "Pupil", "Gulls"),
        ("office", "editingteacher", "", ""),
    }
    assert len(rows) == 3
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "list exported")).one()
    assert entry.course_id == with_people.id


def test_pupils_see_no_list_of_people(client, course, sign_in_as):
    sign_in_as(make_person("pip", course=course))

    for path in ("people.csv", "people", "people/came", "groups"):
        assert client.get(f"/courses/{course.id}/{path}").status_code == 403
