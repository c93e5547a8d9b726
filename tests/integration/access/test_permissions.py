"""Every view says who may ask for it, in the one place where that is asked. Who gets in: test_routes_and_roles."""

import pytest

from tests.factories import make_course, make_person, make_teacher
from webapp.access.permissions import ALL_ACTIONS
from webapp.models import CourseRole

#: What anybody may open. Whatever is added here can be read or sent by the whole world.
PUBLIC = {
    "static",
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.forgotten",
    "accounts.forgotten_sent",
    "accounts.accept_invitation",
    "accounts.reset_password",
    "health.healthz",
    "settings.send_colour",
    "settings.send_logo",
}
#: Which value must be in the address for an action, so that there is something to ask about.
NAMED = {"see job": "job_id", "steer job": "job_id", "use archive": "archive_id"}
SITE_WIDE = {"signed in", "administer", "make courses", "manage courses"}


@pytest.fixture
def rules(app):
    return list(app.url_map.iter_rules())


def test_every_view_says_who_may_ask_for_it(app, rules):
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in rules}

    silent = {name for name, view in views.items() if not hasattr(view, "action")}
    declared = {name for name, view in views.items() if getattr(view, "is_public", False)}
    assert silent == PUBLIC
    assert declared == PUBLIC - {"static"}


def test_every_permission_finds_in_the_address_what_it_asks_about(app, rules):
    for rule in rules:
        action = getattr(app.view_functions[rule.endpoint], "action", None)
        if action is None or action in SITE_WIDE:
            continue
        assert action in ALL_ACTIONS
        assert NAMED.get(action, "course_id") in rule.arguments, f"{rule.endpoint} asks for “{action}”"


def test_a_course_that_is_hidden_is_not_there_for_pupils(client, sign_in_as):
    course = make_course(visible=False)
    sign_in_as(make_person(course=course))

    assert client.get(f"/courses/{course.id}").status_code == 404


def test_only_get_and_post_are_spoken(rules):
    for rule in rules:
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.endpoint


def test_the_way_to_backups_and_jobs_is_shown_to_whoever_can_have_some(page, sign_in_as):
    course = make_course()
    roles = [CourseRole.STUDENT, CourseRole.TEACHER, CourseRole.EDITING_TEACHER]
    people = [*(make_person(course=course, course_role=role) for role in roles), make_teacher()]

    shown = []
    for person in people:
        sign_in_as(person)
        shown.append([link.get_text(strip=True) for link in page("/").find("nav").find_all("a")])

    assert [{"Backups", "Jobs"} <= set(words) for words in shown] == [False, False, True, True]
    assert all("Courses" in words for words in shown)
