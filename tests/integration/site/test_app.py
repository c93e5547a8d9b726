"""What holds for every page, whatever it shows."""

import logging
import re

import pytest

from tests.factories import make_admin, make_course, make_person
from tests.pages import lint, parse, text
from webapp import create_app
from webapp.extensions import db


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/css/nowhere.css", "/healthz"])
def test_every_answer_keeps_a_page_s_power_small(client, path):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_is_not_kept_by_browsers_but_our_own_files_are(client):
    page = client.get("/sign-in")
    sheet = client.get(parse(page.text).find("link", rel="stylesheet")["href"])

    assert page.headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in sheet.headers["Cache-Control"]


def test_over_https_browsers_are_told_to_stay_there(client):
    plain = client.get("/sign-in")
    secure = client.get("/sign-in", base_url="https://school.example")

    assert "Strict-Transport-Security" not in plain.headers
    assert "max-age" in secure.headers["Strict-Transport-Security"]


def test_a_proxy_is_believed_only_where_one_is_announced(instance):
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "school.example"}
    alone = create_app(INSTANCE=instance, TESTING=True).test_client().get("/", headers=told)
    behind = create_app(INSTANCE=instance, TESTING=True, PROXIES=1).test_client().get("/", headers=told)

    assert "Strict-Transport-Security" not in alone.headers
    assert "Strict-Transport-Security" in behind.headers


def test_nobody_may_look_in_without_signing_in(app, client):
    make_course()

    answer = client.get("/courses/1?x=1")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/courses/1?x%3D1"


def test_a_form_without_its_token_changes_nothing(app, client, sign_in_as):
    admin = sign_in_as(make_admin())
    before = admin.session_key

    answer = client.post("/account/password", data={}, headers={"X-CSRFToken": ""})

    assert answer.status_code == 400
    assert "This form is too old" in answer.text
    assert admin.session_key == before


def test_a_page_that_is_not_there_says_so(app, page, sign_in_as):
    sign_in_as(make_person())

    shown = page("/courses/99", status=404)

    assert text(shown.h1) == "Nothing here"


def test_a_failure_shows_a_number_that_the_log_has_too_and_nothing_else(app, client, sign_in_as, caplog):
    sign_in_as(make_admin())

    def fail(*_):
        raise RuntimeError("a secret detail")

    app.view_functions["courses.index"] = fail
    with caplog.at_level(logging.ERROR):
        answer = client.get("/")

    assert answer.status_code == 500
    lint(parse(answer.text))
    assert "a secret detail" not in answer.text
    assert re.search(r"tell an admin the number [0-9a-f]{8}\.", answer.text)
    assert "courses.index" in caplog.text


def test_what_people_typed_stays_out_of_errors_of_the_database(app):
    make_person("nadia")

    with pytest.raises(Exception, match="parameters hidden") as failed:
        make_person("nadia", email="private@school.example")
    db.session.rollback()

    assert "private@school.example" not in str(failed.value)
