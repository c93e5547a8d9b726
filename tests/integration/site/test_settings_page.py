"""Admins change how the site works; it counts at once, and wrong values change nothing."""

import pytest

from tests.factories import make_admin, make_teacher
from tests.pages import form_data, parse, text
from webapp.extensions import db
from webapp.models import AuditEntry, Setting, get_setting, set_setting
from webapp.site_settings import GROUPS, SETTINGS

PAGES = [group for group in GROUPS if group.has_page]
#: The page of each setting.
PAGE_OF = {one.name: f"/settings/{group.name}" for group in PAGES for one in group.everything}


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


@pytest.fixture
def save(client, page):
    """Change settings of one page, as its form does."""

    def send(**changes):
        address = PAGE_OF[next(iter(changes))]
        form = page(address).find("form", action=address)
        return client.post(address, data=form_data(form, **changes))

    return send


def test_a_page_shows_what_is_in_force_and_how_it_came(ruth, page):
    school, work, keeping = (page(f"/settings/{name}") for name in ("school", "work", "keeping"))

    assert school.select_one("#site_name")["value"] == "Our school"
    assert work.select_one("input[name=async_jobs][checked]")["value"] == "off"
    assert work.select_one("input[name=job_messages][checked]")["value"] == "on"
    assert keeping.select_one("#undo_days")["value"] == "7"
    assert "As it came: 7 days." in text(keeping.main)
    assert not [one for one in (school, work, keeping) if "Changed" in text(one.main)]


def test_the_settings_open_with_the_school(ruth, page):
    assert page("/settings").select_one("#site_name")
    assert page("/settings").select_one(".tabs a[aria-current]").text == "School"


@pytest.mark.parametrize("group", PAGES, ids=lambda group: group.name)
def test_every_setting_of_a_group_stands_on_its_page_with_what_it_does(ruth, page, group):
    shown = page(f"/settings/{group.name}")

    for setting in group.everything:
        if setting.is_typed:
            assert shown.find(attrs={"name": setting.name}), setting.name
        assert setting.says in text(shown.main)


def test_there_are_no_other_pages(ruth, page):
    page("/settings/people", status=404)
    page("/settings/nothing", status=404)


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
    assert (answer.status_code, answer.location) == (303, PAGE_OF[name])
    assert get_setting(name) == kept
    assert (changed.name, changed.changed_by_id) == (name, ruth.id)
    assert "Changed by Ruth Adeyemi, today" in text(page(PAGE_OF[name]).main)


def test_switching_back_off_counts_as_well(ruth, save):
    save(async_jobs="on")

    save(async_jobs="off")

    assert get_setting("async_jobs") is False


def test_saving_what_is_there_changes_nothing(ruth, save, page):
    answer = save(undo_days="7")

    assert answer.status_code == 303
    assert db.session.query(Setting).count() == 0
    assert "Nothing was changed." in text(page("/settings"))


def test_a_school_without_a_name_is_called_so_in_the_readers_language(ruth, client, page):
    ruth.language = "fr"
    db.session.commit()
    shown = page("/settings/school").main.form

    answer = client.post("/settings/school", data=form_data(shown))

    assert shown.select_one("#site_name")["value"] == "Notre école"
    assert answer.status_code == 303
    assert db.session.query(Setting).count() == 0, "nothing of it was changed"


def test_who_changed_a_setting_stays_there_when_others_are_changed(ruth, save, sign_in_as):
    save(undo_days="3")
    luc = sign_in_as(make_admin("luc"))

    save(bin_days="4")

    changed = {setting.name: setting.changed_by_id for setting in db.session.query(Setting)}
    assert changed == {"undo_days": ruth.id, "bin_days": luc.id}


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("site_name", "  ", "A school has a name."),
        ("site_name", "x" * 101, "A name has at most 100 letters."),
        ("undo_days", "366", "It is a number from 0 to 365."),
        ("undo_days", "-1", "It is a number from 0 to 365."),
        ("undo_days", "soon", "Write a whole number."),
        ("undo_days", "", "Write a number."),
        ("upload_limit_mb", "1000001", "It is a number from 1 to 1,000,000."),
    ],
)
def test_a_wrong_value_is_refused_and_kept_on_the_page(ruth, save, name, typed, words):
    answer = save(**{name: typed})

    shown = parse(answer.text)
    assert answer.status_code == 422
    assert "Not saved." in text(shown.select_one(".notice.bad"))
    assert words in text(shown.select_one(f"#{name}-error"))
    assert shown.select_one(f"#{name}")["value"].strip() == typed.strip()
    assert db.session.query(Setting).count() == 0


def test_one_wrong_value_keeps_the_others_of_the_page_from_being_saved(ruth, save):
    answer = save(bin_days="3", undo_days="soon")

    assert answer.status_code == 422
    assert parse(answer.text).select_one("#bin_days")["value"] == "3"
    assert get_setting("bin_days") == 7


@pytest.mark.parametrize("typed", ["perhaps", ""])
def test_a_switch_is_on_or_off(ruth, save, typed):
    answer = save(async_jobs=typed)

    assert answer.status_code == 422
    assert "Choose on or off." in text(parse(answer.text).main)
    assert get_setting("async_jobs") is False


def test_the_page_and_the_log_say_from_what_to_what_a_setting_went(ruth, save, page):
    save(upload_limit_mb="9000")
    save(async_jobs="on")
    save(upload_limit_mb="1")

    told = [(entry.title, entry.detail) for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    newest, oldest = (text(line) for line in page("/settings/limits").select("details li"))
    assert newest.startswith("9,000 MB → 1 MB , Ruth Adeyemi, today")
    assert oldest.startswith("4,096 MB → 9,000 MB , Ruth Adeyemi, today")
    assert told[1] == ("async_jobs", "Off → On")
    assert "4,096 MB → 9,000 MB" in text(page("/people/log").main)


def test_a_changed_setting_is_put_back_as_it_came_and_the_others_stay(ruth, save, client, page):
    save(undo_days="3", bin_days="5")
    shown = page("/settings/keeping")
    button = shown.select_one("button[name=name][value=undo_days]")
    assert {one["value"] for one in shown.select("button[name=name]")} == {"undo_days", "bin_days"}

    form = shown.find("form", id=button["form"])
    answer = client.post(form["action"], data=form_data(form, name=button["value"]))

    assert (answer.status_code, answer.location) == (303, "/settings/keeping")
    assert (get_setting("undo_days"), get_setting("bin_days")) == (7, 5)
    after = page("/settings/keeping")
    assert not after.select("button[value=undo_days]")
    assert "3 days → 7 days" in text(after.main)


@pytest.mark.parametrize("name", ["", "no_such", "course_rights", "site_name", "csrf_token"])
def test_only_what_stands_on_the_page_is_put_back(ruth, client, name):
    assert client.post("/settings/keeping/put-back", data={"name": name}).status_code == 404


def test_the_school_s_name_stands_on_every_page(ruth, page):
    set_setting("site_name", "Larkmere & <Sons>", by=None)
    db.session.commit()

    shown = page("/settings")

    assert "Larkmere & <Sons>" in text(shown.footer)
    assert shown.title.get_text().endswith("· Larkmere & <Sons>")


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_admins_change_settings(sign_in_as, client, method):
    sign_in_as(make_teacher())

    answer = getattr(client, method)("/settings/limits", data={"upload_limit_mb": "9"})

    assert answer.status_code == 403
    assert db.session.query(Setting).count() == 0


def test_only_admins_put_settings_back(sign_in_as, client):
    set_setting("undo_days", 3, by=None)
    db.session.commit()
    sign_in_as(make_teacher())

    answer = client.post("/settings/keeping/put-back", data={"name": "undo_days"})

    assert answer.status_code == 403
    assert get_setting("undo_days") == 3


def test_every_setting_has_a_page_or_says_where_it_is_changed():
    elsewhere = {name for name, one in SETTINGS.items() if not one.is_typed}

    assert set(PAGE_OF) | elsewhere == set(SETTINGS)
