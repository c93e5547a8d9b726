"""What is declared about the settings holds together, and each kind reads what people type."""

import pytest

from webapp.site_settings import GROUPS, SETTINGS
from webapp.site_settings.kinds import Choice, Line, Lock, Number, Switch

DAYS = Number(1, 1000, ("day", "days"))
PACKED = Choice({"tgz": ("As Moodle", ""), "zip": ("As a zip", "")})


def test_no_two_settings_have_one_name():
    names = [one.name for group in GROUPS for one in group.everything]

    assert len(names) == len(set(names))
    assert len({group.name for group in GROUPS}) == len(GROUPS)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda one: one.name)
def test_what_a_setting_is_at_first_is_among_what_it_may_be(setting):
    assert setting.label
    assert setting.says.endswith(".")
    assert len(setting.name) <= 50
    if setting.is_typed:
        assert setting.kind.read(setting.kind.typed(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("kind", "typed", "value", "words"),
    [
        (Switch("", ""), "on", True, "On"),
        (Switch("", ""), " No ", False, "Off"),
        (Lock(), "", False, "Off"),
        (DAYS, " 1 ", 1, "1 day"),
        (DAYS, "1000", 1000, "1,000 days"),
        (Number(0, 9, ("MB", "MB"), "no limit"), "0", 0, "no limit"),
        (Line(9, "", ""), " a\u2028b\u202e ", "a b", "a b"),
        (PACKED, "zip", "zip", "As a zip"),
    ],
)
def test_a_kind_reads_what_people_type_and_says_it(kind, typed, value, words):
    assert (kind.read(typed), kind.in_words(value)) == (value, words)


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (Switch("", ""), "", "Choose on or off."),
        (Lock(), "perhaps", "Choose on or off."),
        (DAYS, "", "Write a number."),
        (DAYS, "1.5", "Write a whole number."),
        (DAYS, "0", "It is a number from 1 to 1,000."),
        (DAYS, "1001", "It is a number from 1 to 1,000."),
        (Line(3, "It is empty.", ""), " ", "It is empty."),
        (Line(3, "", "It is long."), "four", "It is long."),
        (PACKED, "rar", "Choose one of these: tgz, zip."),
        (SETTINGS["course_rights"].kind, "{}", "This is changed in the browser, under People, Roles."),
    ],
)
def test_a_kind_refuses_the_rest(kind, typed, says):
    with pytest.raises(ValueError) as refused:
        kind.read(typed)

    assert str(refused.value) == says
