"""A list of people is brought into a course: first what it would do, then the same for real."""

import io

import pytest

from tests.factories import make_course, make_person, make_teacher
from tests.pages import form_data, parse, text
from webapp.access.rights import role_in
from webapp.models import CourseRole


@pytest.fixture
def course(app):
    return make_course("GEO 9")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher("nadia", course=course))


@pytest.fixture
def bring(client, course):
    """Bring a list; returns the page that answers."""

    def send(content):
        data = {"table": (io.BytesIO(content.encode()), "people.csv")}
        answer = client.post(f"/courses/{course.id}/people/list", data=data)
        assert answer.status_code == 422
        return parse(answer.text)

    return send


def results(soup):
    return [text(row.select_one("td[data-label=Result]")) for row in soup.select("tbody tr")]


def test_a_list_shows_what_it_would_do_and_then_does_it(client, page, course, teacher, bring):
    ada, pip = make_person("ada"), make_person("pip", course=course)
    tom, kim = make_person("tom", course=course), make_person("kim", course=course)

    soup = bring("username,email,role\n,ADA@school.example,teacher\npip,,none\ntom,,teacher\nkim,,\n")
    assert results(soup) == [
        "Taken in As teacher without editing",
        "Taken out Was pupil",
        "Changed Pupil → Teacher without editing",
        "As before",
    ]
    assert role_in(ada, course.id) is None
    form = soup.select_one("main form")
    answer = client.post(form["action"], data=form_data(form))

    roles = [role_in(one, course.id) for one in (ada, pip, tom, kim)]
    assert roles == [CourseRole.TEACHER, None, CourseRole.TEACHER, CourseRole.STUDENT]
    assert "1 person taken in, 1 changed, 1 taken out." in page(answer.location).text


def test_without_roles_whoever_is_new_becomes_a_pupil(client, course, teacher, bring):
    ada = make_person("ada")

    form = bring("username\nAda\nnadia\n").select_one("main form")
    client.post(form["action"], data=form_data(form))

    assert role_in(ada, course.id) == CourseRole.STUDENT
    assert role_in(teacher, course.id) == CourseRole.EDITING_TEACHER


def test_a_list_that_went_out_comes_in_again_and_changes_nothing(client, course, teacher, bring):
    make_person("pip", course=course)

    soup = bring(client.get(f"/courses/{course.id}/people.csv").text)

    assert results(soup) == ["As before", "As before"]


def test_wrong_lines_say_so_and_nothing_is_written(client, course, teacher, bring):
    make_person("ada"), make_person("tom"), make_person("off", active=False)
    boss = make_person("boss", course=course, course_role=CourseRole.MANAGER)
    pip = make_person("pip")
    wrong = {
        "ghost,student": "Nobody here is called so.",
        ",student": "There is neither a user name nor a mail address.",
        "ada,king": "“king” is no role here",
        "tom,manager": "You can’t give a role that is above your own.",
        "boss,student": "They have a role above yours.",
        "BOSS,none": "They have a role above yours.",
        "off,student": "Their account is switched off.",
        "Pip,teacher": "Line 2 is about the same person.",
    }

    soup = bring("username,role\npip,student\n" + "\n".join(wrong))
    form = soup.select_one("main form")
    answer = client.post(form["action"], data=form_data(form))

    said = results(soup)[1:]
    assert all(sentence in result for sentence, result in zip(wrong.values(), said, strict=True)), said
    assert answer.status_code == 422
    assert "Say that wrong lines may be left out" in answer.text
    assert (role_in(boss, course.id), role_in(pip, course.id)) == (CourseRole.MANAGER, None)


def test_wrong_lines_are_left_out_where_somebody_says_so(client, course, teacher, bring):
    pip = make_person("pip")

    form = bring("username,role\nghost,student\npip,student\n").select_one("main form")
    client.post(form["action"], data=form_data(form, leave_out="y"))

    assert role_in(pip, course.id) == CourseRole.STUDENT


def test_what_is_no_list_is_refused(course, teacher, bring):
    assert "must name a column username or email" in bring("role\nstudent\n").text


def test_who_gives_no_roles_brings_no_list(client, course, sign_in_as):
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))

    assert client.get(f"/courses/{course.id}/people/list").status_code == 403
    assert (
        client.post(f"/courses/{course.id}/people/list/now", data={"text": "username\nx\n"}).status_code
        == 403
    )
