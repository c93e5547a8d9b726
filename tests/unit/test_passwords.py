"""Which passwords we take, and how they are kept."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from webapp.access.passwords import WeakPassword, check_password, hash_password, is_outdated, refuse_weak


def test_a_password_is_kept_as_argon2id_with_19_mib():
    stored = hash_password("four sheep on a hill")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "sheep" not in stored


def test_only_the_right_password_fits():
    stored = hash_password("four sheep on a hill")

    assert check_password(stored, "four sheep on a hill")
    assert not check_password(stored, "Four sheep on a hill")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nothing_fits_where_nothing_is_kept(stored):
    assert not check_password(stored, "four sheep on a hill")
    assert not check_password(stored, "")


def test_accents_fit_however_the_keyboard_writes_them():
    stored = hash_password(unicodedata.normalize("NFC", "un éléphant bleu"))

    assert check_password(stored, unicodedata.normalize("NFD", "un éléphant bleu"))


def test_a_hash_with_other_settings_is_outdated():
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("four sheep on a hill")

    assert is_outdated(weaker)
    assert not is_outdated(hash_password("four sheep on a hill"))


@pytest.mark.parametrize("password", ["four sheep on a hill", "tide-table", "ж" * 9 + "я", " " * 5 + "a b c"])
def test_a_long_password_is_taken(password):
    refuse_weak(password, "nadia.brandt")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 10"),
        ("nine char", "at least 10"),
        ("x" * 201, "at most 200"),
        ("Nadia.Brandt", "user name"),
        ("PASSWORD123", "others try it first"),
        ("qwertyuiop", "others try it first"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(WeakPassword, match=reason):
        refuse_weak(password, "nadia.brandt")
