"""A list of people says what they are in courses, too: in and out."""

import csv
import io

import pytest

from tests.factories import join, make_admin, make_course, make_person
from tests.pages import form_data, parse, text
from webapp.access.rights import role_in
from webapp.extensions import db
from webapp.models import CourseRole, User


@pytest.fixture(autouse=True)
def admin(app, sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def courses(app):
    return [make_course(name) for name in ("GEO 9", "BIO: 7", "ART")]


@pytest.fixture
def look(client):
    def send(content):
        answer = client.post("/people/import", data={"table": (io.BytesIO(content.encode()), "people.csv")})
        return parse(answer.text)

    return send


def results(soup):
    return [text(row.find_all("td")[-1]) for row in soup.tbody.find_all("tr")]


def test_people_come_into_courses_change_there_and_go(client, courses, look):
    geo, _, art = courses
    pip = make_person("pip", course=geo)
    make_person("tom", course=art)

    soup = look("username,courses\npip,GEO 9: none; BIO: 7: teacher\n")
    assert results(soup) == ["Changed GEO 9: Pupil → taken out BIO: 7: not in it → Teacher without editing"]
    form = soup.main.form
    client.post(form["action"], data=form_data(form))

    assert [role_in(pip, one.id) for one in courses] == [None, CourseRole.TEACHER, None]


def test_somebody_new_comes_into_courses_with_their_account(client, courses, look):
    soup = look("username,courses\nada,GEO 9: student\n")
    form = soup.main.form
    client.post(form["action"], data=form_data(form))

    ada = db.session.query(User).filter_by(username="ada").one()
    assert role_in(ada, courses[0].id) == CourseRole.STUDENT


def test_a_list_that_went_out_names_the_courses_and_comes_in_again(client, courses, look):
    ada = make_person("ada", course=courses[1], course_role=CourseRole.TEACHER)
    join(ada, courses[2])

    content = client.get("/people.csv").text

    rows = {
        row["username"]: row["courses"] for row in csv.DictReader(content.removeprefix("\ufeff").splitlines())
    }
    assert rows["ada"] == "ART: student; BIO: 7: teacher"
    assert set(results(look(content))) == {"As before"}


def test_what_can_not_be_done_is_said_and_nothing_written(client, courses, look):
    wrong = {
        "CHEM 1: student": "There is no course with the short name “CHEM 1”.",
        "GEO 9: king": "“king” is no role in a course",
        "GEO 9": "each short name needs a role behind a colon",
        "GEO 9: student; GEO 9: teacher": "“GEO 9” is there twice.",
    }
    content = "username,courses\n" + "".join(f"ada{n},{cell}\n" for n, cell in enumerate(wrong))

    said = results(look(content))

    assert all(reason in result for reason, result in zip(wrong.values(), said, strict=True)), said
    assert client.post("/people/import/now", data={"text": content}).status_code == 422
    assert db.session.query(User).filter(User.username.startswith("ada")).all() == []
