"""What admins set in the browser can be read and changed from a shell."""

import json

import pytest

from webapp.extensions import db
from webapp.models import AuditEntry, Setting, get_setting
from webapp.site_settings import SETTINGS


def test_all_settings_are_listed_with_what_they_are_and_how_they_came(coursekeep):
    coursekeep("settings", "set", "undo_days", "14")

    code, shown, _ = coursekeep("settings", "list")
    _, as_json, _ = coursekeep("settings", "list", "--json")

    rows = {line.split()[0]: line for line in shown.splitlines()}
    assert code == 0
    assert set(SETTINGS) <= set(rows)
    assert "14 days" in rows["undo_days"]
    assert "7 days" in rows["undo_days"]
    assert [one["name"] for one in json.loads(as_json)["settings"]] == list(SETTINGS)


def test_a_setting_is_read_changed_and_put_back(coursekeep):
    assert coursekeep("settings", "get", "async_jobs")[:2] == (0, "off\n")

    assert coursekeep("settings", "set", "async_jobs", "on")[:2] == (0, "on\n")
    assert get_setting("async_jobs") is True
    changed = json.loads(coursekeep("settings", "get", "async_jobs", "--json")[1])
    assert (changed["value"], changed["default"], bool(changed["changed_at"])) == (True, False, True)

    assert coursekeep("settings", "reset", "async_jobs")[:2] == (0, "off\n")
    assert get_setting("async_jobs") is False
    assert [one.detail for one in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "Off → On",
        "On → Off",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("set", "undo_days", "soon"), "undo_days: Write a whole number."),
        (("set", "upload_limit_mb", "0"), "upload_limit_mb: It is a number from 1 to 1,000,000."),
        (("set", "async_jobs", "perhaps"), "async_jobs: Choose on or off."),
        (
            ("set", "course_rights", "{}"),
            "course_rights: This is changed in the browser, under People, Roles.",
        ),
        (("get", "no_such"), "There is no setting no_such."),
        (("set", "undo_days"), "It is “list”, “get NAME”, “set NAME VALUE” or “reset NAME”."),
        (("list", "undo_days"), "It is “list”"),
        (("get", "undo_days", "3"), "It is “list”"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(coursekeep, words, says):
    code, _, errors = coursekeep("settings", *words)

    assert code == 1
    assert says in errors
    assert db.session.query(Setting).count() == 0
