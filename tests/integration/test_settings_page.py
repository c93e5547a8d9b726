"""Admins change how the site works; it counts at once, and wrong values change nothing."""

import pytest

from tests.factories import make_admin, make_teacher
from tests.pages import form_data, parse, text
from webapp.extensions import db
from webapp.models import Setting, get_setting, set_setting
from webapp.models.setting import DEFAULTS


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


@pytest.fixture
def save(client, page):
    def send(**changes):
        return client.post("/settings", data=form_data(page("/settings").select_one("main form"), **changes))

    return send


def test_the_page_shows_what_is_in_force_and_how_it_came(ruth, page):
    settings = page("/settings")

    assert settings.select_one("#site_name")["value"] == "Our school"
    assert settings.select_one("input[name=async_jobs][checked]")["value"] == "off"
    assert settings.select_one("input[name=job_messages][checked]")["value"] == "on"
    assert "As it came: 7." in text(settings.select_one("#undo_days-hint"))
    assert "As it came: 4,096." in text(settings.select_one("#upload_limit_mb-hint"))
    assert "Changed" not in text(settings.main)


def test_every_setting_has_its_place_on_the_page(ruth, page):
    named = {field["name"] for field in page("/settings").select("main [name]")}

    # What each role may do is a table, on a page of its own (test_people_rights.py).
    assert set(DEFAULTS) - {"course_rights"} <= named


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("async_jobs", "on", True),
        ("job_messages", "off", False),
        ("site_name", "  Larkmere\u2028School ", "Larkmere School"),
        ("undo_days", "0", 0),
        ("undo_days", "365", 365),
        ("upload_limit_mb", "1", 1),
        ("upload_limit_mb", "1000000", 1_000_000),
    ],
)
def test_a_change_counts_at_once(ruth, save, page, name, typed, kept):
    answer = save(**{name: typed})

    changed = db.session.query(Setting).one()
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert get_setting(name) == kept
    assert (changed.name, changed.changed_by_id) == (name, ruth.id)
    assert "Changed by Ruth Adeyemi, today" in text(page("/settings").main)


def test_switching_back_off_counts_as_well(ruth, save):
    save(async_jobs="on")

    save(async_jobs="off")

    assert get_setting("async_jobs") is False


def test_saving_what_is_there_changes_nothing(ruth, save, page):
    answer = save()

    assert answer.status_code == 303
    assert db.session.query(Setting).count() == 0
    assert "Nothing was changed." in text(page("/settings"))


def test_who_changed_a_setting_stays_there_when_others_are_changed(ruth, save, sign_in_as):
    save(undo_days="3")
    luc = sign_in_as(make_admin("luc"))

    save(site_name="Larkmere")

    changed = {setting.name: setting.changed_by_id for setting in db.session.query(Setting)}
    assert changed == {"undo_days": ruth.id, "site_name": luc.id}


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("site_name", "  ", "A school has a name."),
        ("site_name", "x" * 101, "A name has at most 100 letters."),
        ("undo_days", "366", "It is a number from 0 to 365."),
        ("undo_days", "-1", "It is a number from 0 to 365."),
        ("undo_days", "soon", "Write a whole number."),
        ("undo_days", "", "Write a number."),
        ("upload_limit_mb", "0", "It is a number from 1 to 1,000,000."),
        ("upload_limit_mb", "1000001", "It is a number from 1 to 1,000,000."),
        ("async_jobs", "perhaps", ""),
    ],
)
def test_a_wrong_value_is_refused_and_kept_on_the_page(ruth, save, name, typed, words):
    answer = save(**{name: typed, **({} if name == "site_name" else {"site_name": "Larkmere"})})

    shown = parse(answer.text)
    assert answer.status_code == 422
    assert "Not saved." in text(shown.select_one(".notice.bad"))
    assert words in text(shown.main)
    assert db.session.query(Setting).count() == 0
    if name != "async_jobs":
        assert shown.select_one(f"#{name}")["value"].strip() == typed.strip()


def test_the_school_s_name_stands_on_every_page(ruth, page):
    set_setting("site_name", "Larkmere & <Sons>", by=None)
    db.session.commit()

    shown = page("/settings")

    assert "Larkmere & <Sons>" in text(shown.footer)
    assert shown.title.get_text().endswith("· Larkmere & <Sons>")


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_admins_change_settings(sign_in_as, client, method):
    sign_in_as(make_teacher())

    answer = getattr(client, method)("/settings")

    assert answer.status_code == 403
    assert db.session.query(Setting).count() == 0
