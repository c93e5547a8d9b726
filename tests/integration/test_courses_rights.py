"""Who may open what: every address of courses, asked for by everybody."""

import pytest

from tests.factories import (
    make_activity,
    make_admin,
    make_category,
    make_course,
    make_person,
    make_section,
    make_teacher,
)
from webapp.extensions import db
from webapp.models import Activity, Course, CourseRole, Section

#: What the roles are told: to read, to see people, to edit, to delete the course; then of the site.
READ = {
    "stranger": 404, "guest": 200, "student": 200, "teacher": 200, "editingteacher": 200, "manager": 200, "admin": 200
}  # fmt: skip
SEE_PEOPLE = READ | {"guest": 403, "student": 403}
EDIT = SEE_PEOPLE | {"teacher": 403}
DELETE = EDIT | {"editingteacher": 403}
ADMINISTER = dict.fromkeys(READ, 403) | {"admin": 200}

GET = {
    "/courses/{course}": READ,
    "/courses/{course}/activities/{activity}": READ,
    "/courses/{course}/people": SEE_PEOPLE,
    "/courses/{course}/questions": SEE_PEOPLE,
    "/courses/{course}/edit": EDIT,
    "/courses/{course}/settings": EDIT,
    "/courses/{course}/sections/new": EDIT,
    "/courses/{course}/sections/{section}/edit": EDIT,
    "/courses/{course}/sections/{section}/delete": EDIT,
    "/courses/{course}/sections/{section}/add": EDIT,
    "/courses/{course}/sections/{section}/add/page": EDIT,
    "/courses/{course}/activities/{activity}/edit": EDIT,
    "/courses/{course}/activities/{activity}/move": EDIT,
    "/courses/{course}/activities/{activity}/delete": EDIT,
    "/courses/{course}/activities/{folder}/files": EDIT,
    "/courses/{course}/delete": DELETE,
    "/categories": ADMINISTER,
    "/categories/{category}": ADMINISTER,
}
POST = [
    "/courses/{course}/settings",
    "/courses/{course}/delete",
    "/courses/{course}/people",
    "/courses/{course}/people/{person}",
    "/courses/{course}/sections/new",
    "/courses/{course}/sections/{section}/edit",
    "/courses/{course}/sections/{section}/move",
    "/courses/{course}/sections/{section}/visibility",
    "/courses/{course}/sections/{section}/delete",
    "/courses/{course}/sections/{section}/add/page",
    "/courses/{course}/activities/{activity}/edit",
    "/courses/{course}/activities/{activity}/move",
    "/courses/{course}/activities/{activity}/visibility",
    "/courses/{course}/activities/{activity}/delete",
    "/courses/{course}/activities/{folder}/files",
    "/courses/{course}/activities/{folder}/folders",
    "/courses/{course}/pictures/1/course/summary/0",
]
SITE_POST = [
    "/categories",
    "/categories/{category}",
    "/categories/{category}/move",
    "/categories/{category}/delete",
]


@pytest.fixture
def address(app):
    """Fill the numbers of a course with one of everything into an address."""
    course = make_course("GEO 9", content=())
    section = make_section(course)
    numbers = {
        "course": course.id,
        "section": section.id,
        "activity": make_activity(section, "page", "Tides").id,
        "folder": make_activity(section, "folder", "Maps").id,
        "category": make_category("Year 9").id,
        "person": make_person("pip", course=course).id,
    }
    return lambda pattern: pattern.format(**numbers)


@pytest.fixture
def sign_in_with(address, sign_in_as):
    def sign_in(role):
        course = db.session.query(Course).one()
        if role == "admin":
            return sign_in_as(make_admin())
        if role == "stranger":
            return sign_in_as(make_teacher())
        return sign_in_as(make_person(course=course, course_role=CourseRole(role)))

    return sign_in


@pytest.mark.parametrize("role", READ)
def test_each_role_sees_its_own_pages(client, address, sign_in_with, role):
    sign_in_with(role)

    answers = {pattern: client.get(address(pattern)).status_code for pattern in GET}

    assert answers == {pattern: told[role] for pattern, told in GET.items()}


@pytest.mark.parametrize(
    ("role", "status"), [("stranger", 404), ("guest", 403), ("student", 403), ("teacher", 403)]
)
def test_who_does_not_edit_changes_nothing(client, address, sign_in_with, role, status):
    sign_in_with(role)

    answers = {pattern: client.post(address(pattern), data={"name": "x"}).status_code for pattern in POST}

    assert set(answers.values()) == {status}, answers
    assert db.session.query(Activity).count() == 2
    assert db.session.query(Section).one().visible == 1


@pytest.mark.parametrize("role", ["stranger", "student", "manager"])
def test_categories_are_the_admins(client, address, sign_in_with, role):
    sign_in_with(role)

    assert {client.post(address(pattern), data={"name": "x"}).status_code for pattern in SITE_POST} == {403}


def test_without_signing_in_there_is_only_the_door(client, address):
    for pattern in (*GET, "/"):
        answer = client.get(address(pattern))
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    for pattern in (*POST, *SITE_POST):
        assert client.post(address(pattern)).status_code == 303


def test_a_course_that_is_hidden_is_not_there_for_pupils(client, address, sign_in_with):
    db.session.query(Course).one().visible = False
    db.session.commit()
    sign_in_with("student")

    assert client.get(address("/courses/{course}")).status_code == 404


def test_every_address_of_courses_is_tried_here(app):
    tried = {
        pattern.replace("{", "<").replace("}", ">")
        for pattern in (*GET, *POST, *SITE_POST, "/", "/courses/new")
    }
    elsewhere = {
        "courses.edit_text",
        "courses.edit_question",
        "courses.file",
        "courses.embedded_file",
        "courses.add_editor_picture",
        "courses.delete_file",
    }

    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("courses.")]
    shapes = [shape(one) for one in tried]
    untried = [r.rule for r in rules if r.endpoint not in elsewhere and shape(r.rule) not in shapes]

    assert untried == []


def shape(rule):
    return [part if not part.startswith("<") and part != "page" else "<>" for part in rule.split("/")]
