"""Where settings come from, and which one wins."""

import stat

import pytest

from webapp.config import load_config


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A place for an installation, and an environment that says nothing."""
    monkeypatch.delenv("COURSEKEEP_INSTANCE", raising=False)
    return tmp_path / "school"


def test_without_a_word_the_defaults_count(folder):
    config = load_config({"INSTANCE": folder})

    assert config["BASE_URL"] == "http://127.0.0.1:8000"
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{folder}/coursekeep.sqlite"


def test_the_file_wins_over_defaults_the_environment_over_the_file_and_the_caller_over_all(
    folder, monkeypatch
):
    folder.mkdir()
    (folder / "config.toml").write_text('mail_server = "file"\nmail_port = 26\nmail_username = "file"\n')
    monkeypatch.setenv("COURSEKEEP_MAIL_PORT", "27")
    monkeypatch.setenv("COURSEKEEP_MAIL_USERNAME", "environment")

    config = load_config({"INSTANCE": folder, "MAIL_USERNAME": "caller"})

    assert (config["MAIL_SERVER"], config["MAIL_PORT"], config["MAIL_USERNAME"]) == ("file", 27, "caller")


def test_the_environment_names_the_folder(folder, monkeypatch):
    monkeypatch.setenv("COURSEKEEP_INSTANCE", str(folder))

    assert load_config({})["INSTANCE"] == folder


@pytest.mark.parametrize(
    ("said", "meant"), [("on", True), ("Yes", True), ("1", True), ("off", False), ("false", False)]
)
def test_a_switch_in_the_environment_is_said_in_words(folder, monkeypatch, said, meant):
    monkeypatch.setenv("COURSEKEEP_MAIL_USE_TLS", said)

    assert load_config({"INSTANCE": folder})["MAIL_USE_TLS"] is meant


def test_a_switch_that_is_neither_on_nor_off_is_refused(folder, monkeypatch):
    monkeypatch.setenv("COURSEKEEP_MAIL_USE_TLS", "perhaps")

    with pytest.raises(ValueError, match=r"^COURSEKEEP_MAIL_USE_TLS is 'perhaps': say on or off\.$"):
        load_config({"INSTANCE": folder})


def test_a_limit_that_is_not_set_by_default_can_be_set(folder, monkeypatch):
    monkeypatch.setenv("COURSEKEEP_WTF_CSRF_TIME_LIMIT", "3600")

    assert load_config({"INSTANCE": folder})["WTF_CSRF_TIME_LIMIT"] == 3600


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(folder):
    first = load_config({"INSTANCE": folder})["SECRET_KEY"]
    second = load_config({"INSTANCE": folder})["SECRET_KEY"]

    assert first == second
    assert len(first) >= 48
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_installations_have_two_secrets_and_do_not_tell_them(tmp_path):
    one, other = (load_config({"INSTANCE": tmp_path / name}) for name in ("one", "other"))

    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["SITE_HASH"] != other["SITE_HASH"]
    assert one["SECRET_KEY"] not in one["SITE_HASH"]
