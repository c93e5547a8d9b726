"""Every field of every form filled with nonsense: an answer that says so, and never a failure."""

import pytest

from tests.conftest import Browser, make_instance, opened_app
from tests.hostile.routes import EXPECTED, address, ways_in
from tests.hostile.school import make_school
from tests.pages import form_data, parse
from webapp.database import write_transaction
from webapp.models import set_setting

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

NONSENSE = [
    "", " ", "9" * 30, "-1", "9" * 5000, "\0", "\ud7ff\ufffe", "<b>&\"'", "\N{ARABIC-INDIC DIGIT THREE}", "x" * 70_000,
    "1e999", "NaN", "../../x", "2026-99-99", "0001-01-01", "9999-12-31", "a\r\nb: c", "%s{0.__class__}{{7*7}}",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory, template_database, compiled):
    instance = make_instance(tmp_path_factory.mktemp("nonsense"), template_database)
    with opened_app(instance, compiled) as app:
        yield app


@pytest.fixture(scope="module")
def school(app):
    school = make_school()
    with write_transaction():
        set_setting("async_jobs", True, by=None)
    return school


@pytest.fixture
def admin(app, school):
    browser = Browser(app, app.response_class, use_cookies=True)
    with browser.session_transaction() as session:
        session["token"] = school.tokens["admin"]
    return browser


def forms_of(app, school, browser):
    """The forms of all pages that an admin sees, each once, with what a browser would send."""
    found = {}
    for rule, way in ways_in(app):
        if way == "GET" and not EXPECTED[rule.endpoint, way].told("admin") and rule.endpoint != "static":
            page = browser.get(address(rule, school.here))
            if page.mimetype == "text/html":
                for form in parse(page.text).find_all("form"):
                    found.setdefault(
                        (form.get("method", "get"), form["action"].partition("?")[0]), form_data(form)
                    )
    return found


def send(browser, method, action, given):
    if method == "post":
        return browser.post(action, data=given)
    # A server takes no address that is longer.
    return browser.get(action, query_string={name: str(value)[:4000] for name, value in given.items()})


def test_no_form_fails_at_nonsense(app, school, admin):
    failed = set()
    for (method, action), data in forms_of(app, school, admin).items():
        if action.endswith(("/sign-out", "/go-back")) or "end-others" in action:
            continue
        for field in data:
            for value in NONSENSE if field != "csrf_token" else ():
                given = data | {field: value}
                answer = send(admin, method, action, given)
                if answer.status_code >= 500:
                    failed.add((method, action, field, value[:20]))

    assert failed == set()
