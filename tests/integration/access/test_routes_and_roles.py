"""Every address asked for by everybody: who gets in, who is told what, and that nobody is led astray by numbers."""

import sqlite3
from contextlib import closing

import pytest
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tests.conftest import Browser, make_instance, opened_app
from tests.hostile.routes import EXPECTED, GET, POST, address, all_ways, ask, ways_in
from tests.hostile.school import ASKERS, make_school
from webapp.extensions import db
from webapp.models import set_setting

pytestmark = pytest.mark.xdist_group("routes")

#: What somebody who gets in is never told: it can't be read, is not there, not theirs, or went wrong.
TOLD_OFF = {400, 401, 403, 404, 405, 500}
#: Names in an address of something that belongs to a course.
PARTS = ("section_id", "activity_id", "file_id", "record_id", "source_id", "target_id", "entry_id", "user_id")


#: What is taken away is noted in the log.
NOTED = {
    "backups.download",
    "courses.export_grades",
    "participants.export",
    "people.export_log",
    "people.export_people",
}


class Tokenless(Browser):
    """A browser that was led here by another site: it sends the cookie, and no token."""

    def _token(self):
        return ""


class Database:
    """The database of the school, which becomes again what it was whenever something was written to it."""

    def __init__(self, path):
        self._there = sqlite3.connect(path, check_same_thread=False)
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._there.backup(self._kept)
        self._seen = self._version()

    def has_changed(self):
        return self._version() != self._seen

    def put_back(self):
        if self.has_changed():
            self._kept.backup(self._there)
            self._seen = self._version()

    def close(self):
        self._there.close()
        self._kept.close()

    def _version(self):
        return self._there.execute("pragma data_version").fetchone()


@pytest.fixture(scope="module")
def app(tmp_path_factory, template_database, compiled):
    instance = make_instance(tmp_path_factory.mktemp("school"), template_database)
    with opened_app(instance, compiled) as app:
        for refusal in (HTTPException, CSRFError):
            app.register_error_handler(refusal, lambda told: (told.name, told.code))  # a thousand, unread
        yield app


@pytest.fixture(scope="module")
def school(app):
    school = make_school()
    set_setting("async_jobs", True, by=None)  # nothing but the nudge of a worker that is not there
    db.session.commit()
    return school


@pytest.fixture(scope="module")
def kept_database(app, school):
    with closing(Database(app.config["INSTANCE"] / "coursekeep.sqlite")) as database:
        yield database


@pytest.fixture
def database(kept_database):
    kept_database.put_back()
    return kept_database


@pytest.fixture
def browser_of(app, school):
    def browser_of(asker, kind=Browser):
        browser = kind(app, app.response_class, use_cookies=True)
        if asker in school.tokens:
            with browser.session_transaction() as session:
                session["token"] = school.tokens[asker]
        return browser

    return browser_of


def test_every_address_has_its_line_and_every_line_an_address(app):
    there = {(rule.endpoint, way) for rule, way in all_ways(app)}

    assert there - EXPECTED.keys() == set(), "add these to tests/hostile/routes.py: who gets in there?"
    assert EXPECTED.keys() - there == set(), "these are gone: take them out of tests/hostile/routes.py"


@pytest.mark.parametrize("asker", ASKERS)
def test_nobody_gets_in_where_they_should_not_and_changes_anything_by_trying(
    app, school, database, browser_of, asker
):
    browser = browser_of(asker)
    refused = [one for one in ways_in(app) if EXPECTED[one[0].endpoint, one[1]].told(asker)]

    told = {(way, rule.rule): ask(browser, rule, way, school.here) for rule, way in refused}

    expected = {(way, rule.rule): EXPECTED[rule.endpoint, way].told(asker) for rule, way in refused}
    assert {one: answer.status_code for one, answer in told.items()} == expected
    led = {answer.location.partition("?")[0] for answer in told.values() if answer.status_code == 303}
    assert led <= {"/sign-in"}
    assert not database.has_changed()


@pytest.mark.parametrize("asker", ASKERS)
def test_everybody_gets_in_where_they_should_and_looking_changes_nothing(
    app, school, database, browser_of, asker
):
    let_in = [one for one in ways_in(app) if not EXPECTED[one[0].endpoint, one[1]].told(asker)]
    astray = []

    for rule, way in let_in:
        answer = ask(browser_of(asker), rule, way, school.here)
        if way == GET and rule.endpoint not in NOTED:
            assert not database.has_changed(), rule.rule
        database.put_back()
        is_led_away = (answer.location or "").startswith("/sign-in") and rule.endpoint != "accounts.sign_out"
        if (answer.status_code in TOLD_OFF and rule.endpoint != "static") or is_led_away:
            astray.append((way, rule.rule, answer.status))

    assert astray == []


@pytest.mark.parametrize("part", PARTS)
def test_the_number_of_another_course_s_part_leads_nowhere_from_one_s_own(
    app, school, database, browser_of, part
):
    browser = browser_of("editing teacher")
    led = {}

    for rule, way in ways_in(app):
        if not {"course_id", part} <= rule.arguments:
            continue
        strange = school.elsewhere | school.elsewhere.get(rule.endpoint, {})
        answer = ask(browser, rule, way, school.here, **{part: strange[part]})
        led[way, rule.rule] = answer.status_code

    assert set(led.values()) == {404}, led
    assert not database.has_changed()


@pytest.mark.parametrize("asker", ["nobody", "admin"])
def test_nothing_is_changed_without_the_token_of_the_form(app, school, database, browser_of, asker):
    browser = browser_of(asker, Tokenless)

    told = {
        rule.rule: browser.post(address(rule, school.here), data={"answer": "yes"}).status_code
        for rule, way in ways_in(app)
        if way == POST
    }

    unread = {"/restore", "/restore/raw"} if asker == "nobody" else set()  # led to the sign-in page before
    assert {rule for rule, status in told.items() if status != 400} == unread
    assert not database.has_changed()
