"""Every address of the site says who may open it, and nothing is changed without a token.

Goes over the map of all addresses, so it holds for those that come later as well.
"""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories import make_admin, make_person, make_sign_in
from webapp.permissions import ALL_ACTIONS

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
}
#: Which value must be in the address for an action, so that there is something to ask about.
NAMED = {"see job": "job_id", "steer job": "job_id", "use archive": "archive_id"}
SITE_WIDE = {"signed in", "administer", "make courses"}


@pytest.fixture
def rules(app):
    return list(app.url_map.iter_rules())


@pytest.fixture
def bare_client(app):
    """A browser that sends no token by itself."""
    return FlaskClient(app, app.response_class, use_cookies=True)


def address(rule):
    """An address that the rule takes: the first of its choices, and 1 for everything else."""
    chosen = re.sub(r"<any\(\W*(\w+)[^)]*\):\w+>", r"\1", rule.rule)
    return re.sub(r"<[^>]+>", "1", chosen)


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


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(app, rules, bare_client):
    for rule in rules:
        if rule.endpoint in PUBLIC or "GET" not in rule.methods:
            continue
        answer = bare_client.get(address(rule))
        assert answer.status_code == 303, f"{rule.endpoint} answers {answer.status}"
        assert answer.location.startswith("/sign-in"), f"{rule.endpoint} leads to {answer.location}"


def test_nothing_is_changed_without_a_token(app, rules, bare_client):
    token = make_sign_in(make_admin())
    for rule in rules:
        if "POST" not in rule.methods:
            continue
        with bare_client.session_transaction() as session:
            session["token"] = token
        answer = bare_client.post(address(rule), data={"answer": "yes"})
        assert answer.status_code == 400, f"{rule.endpoint} answers {answer.status} to a form without a token"


def test_somebody_without_rights_opens_nothing_that_names_something(app, rules, client, sign_in_as):
    """Whatever is there or not: a stranger can't tell."""
    sign_in_as(make_person())
    for rule in rules:
        action = getattr(app.view_functions[rule.endpoint], "action", None)
        if action is None or action == "signed in":
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address(rule), method=method)
            expected = 403 if action in SITE_WIDE else 404
            assert answer.status_code == expected, f"{method} {rule.endpoint} answers {answer.status}"


def test_only_get_and_post_are_spoken(rules):
    for rule in rules:
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.endpoint
