"""The rules keep what they say, and never let the only sound backup go."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from jobs.automated.keeping import Rules, Stored, kept

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def made(*days_ago, **more):
    """Sound backups, each so many days old, named by their age."""
    return [Stored(days, NOW - timedelta(days=days), **more) for days in days_ago]


def keys(stored, now=NOW, **rules):
    return set(kept(stored, Rules(**rules), now, UTC))


def test_the_last_ones_are_kept():
    assert keys(made(0, 1, 2, 3), last=2) == {0, 1}


def test_of_each_day_the_newest_is_kept():
    stored = made(0, 0.1, 0.2, 1, 1.1, 2, 3)

    assert keys(stored, daily=3) == {0, 1, 2}


def test_days_without_a_backup_do_not_count():
    assert keys(made(0, 10, 20, 30), daily=3) == {0, 10, 20}


def test_of_each_week_and_month_the_newest_is_kept():
    stored = made(*range(100))

    # The 24th is a Tuesday: the weeks end with the Sundays 22 and 15 November.
    assert keys(stored, weekly=3) == {0, 2, 9}
    assert keys(stored, monthly=3) == {0, 24, 55}


def test_what_is_young_enough_is_kept():
    assert keys(made(0, 1, 6.9, 7.1), days=7) == {0, 1, 6.9}


def test_a_day_is_one_of_the_school_s_place():
    late = Stored("late", datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    early = Stored("early", datetime(2026, 11, 22, 22, 30, tzinfo=UTC))

    assert set(kept([late, early], Rules(daily=2), NOW, UTC)) == {"late"}
    assert set(kept([late, early], Rules(daily=2), NOW, BERLIN)) == {"late", "early"}


def test_rules_add_up_and_each_gives_its_reason():
    found = kept(made(0, 1, 40), Rules(last=1, monthly=2), NOW, UTC)

    assert found == {0: ["one of the last", "newest of a month"], 40: ["newest of a month"]}


def test_without_any_rule_everything_is_kept():
    assert keys(made(0, 1, 500)) == {0, 1, 500}


def test_a_damaged_backup_never_takes_the_place_of_a_sound_one():
    stored = [*made(1, is_sound=False), *made(2, 3)]

    assert keys(stored, last=1) == {1, 2}


def test_a_damaged_backup_goes_once_a_newer_one_is_sound():
    stored = [*made(0), *made(1, is_sound=False)]

    assert keys(stored, last=5) == {0}


backups = st.lists(
    st.tuples(st.integers(0, 400 * 24), st.booleans()), max_size=40, unique_by=lambda one: one[0]
).map(lambda made: [Stored(hours, NOW - timedelta(hours=hours), sound) for hours, sound in made])
counts = st.integers(0, 12)
rules = st.builds(Rules, counts, counts, counts, counts, st.integers(0, 90))
some_rules = rules.filter(lambda one: not one.keep_all)


@given(backups, rules)
def test_the_newest_sound_backup_always_stays(stored, rules):
    sound = [one for one in stored if one.is_sound]

    found = kept(stored, rules, NOW, BERLIN)

    if sound:
        assert max(sound, key=lambda one: one.made_at).key in found
    else:
        assert set(found) == {one.key for one in stored}


@given(backups, some_rules, rules)
def test_more_generous_rules_never_let_more_go(stored, rules, more):
    generous = Rules(
        *(
            getattr(rules, name) + getattr(more, name)
            for name in ("last", "daily", "weekly", "monthly", "days")
        )
    )

    assert set(kept(stored, rules, NOW, BERLIN)) <= set(kept(stored, generous, NOW, BERLIN))


@given(backups, some_rules)
def test_what_was_kept_is_kept_again(stored, rules):
    first = kept(stored, rules, NOW, BERLIN)

    again = kept([one for one in stored if one.key in first], rules, NOW, BERLIN)

    assert set(again) == set(first)


@given(backups, some_rules)
def test_a_new_backup_pushes_out_only_what_it_replaces(stored, rules):
    before = kept(stored, rules, NOW, BERLIN)
    fresh = Stored("fresh", NOW + timedelta(minutes=1))

    after = kept([*stored, fresh], rules, NOW, BERLIN)

    assert "fresh" in after
    assert set(after) - {"fresh"} <= set(before)


@given(backups, some_rules, st.randoms())
def test_the_order_in_which_they_are_listed_makes_no_difference(stored, rules, random):
    shuffled = random.sample(stored, len(stored))

    assert kept(stored, rules, NOW, BERLIN) == kept(shuffled, rules, NOW, BERLIN)
