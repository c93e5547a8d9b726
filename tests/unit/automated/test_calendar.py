"""Automatic backups are due once on each chosen day, whatever the clocks do."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from jobs.automated.calendar import Times

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = tuple(range(7))

moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
times = st.builds(
    Times,
    st.sets(st.integers(0, 6), min_size=1).map(tuple),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from([BERLIN, UTC, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/St_Johns")]),
)


def all_moments(times, first, last):
    """Everything that falls due between two moments, as a worker that looks at each of them would see it."""
    found, at = [], times.next(first)
    while at <= last:
        found.append(at)
        at = times.next(at)
    return found


@pytest.mark.parametrize(
    ("day", "hour", "minute", "due"),
    [
        (date(2026, 3, 28), 2, 30, "2026-03-28T01:30:00+00:00"),
        # The clock goes from 2:00 to 3:00; what would have been 2:30 is 3:30 by the new one.
        (date(2026, 3, 29), 2, 30, "2026-03-29T01:30:00+00:00"),
        (date(2026, 3, 30), 2, 30, "2026-03-30T00:30:00+00:00"),
        # It goes from 3:00 back to 2:00; 2:30 comes twice, and counts the first time.
        (date(2026, 10, 25), 2, 30, "2026-10-25T00:30:00+00:00"),
        (date(2026, 10, 26), 2, 30, "2026-10-26T01:30:00+00:00"),
    ],
)
def test_a_day_on_which_the_clocks_change_has_one_moment(day, hour, minute, due):
    assert Times(EVERY_DAY, hour, minute, BERLIN).moment_on(day) == datetime.fromisoformat(due)


@pytest.mark.parametrize("start", [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)])
def test_around_a_change_of_the_clocks_each_day_comes_once(start):
    due = all_moments(Times(EVERY_DAY, 2, 30, BERLIN), start, start + timedelta(days=5))

    days = [at.astimezone(BERLIN).date() for at in due]
    assert days == [days[0] + timedelta(days=number) for number in range(5)]


def test_only_the_chosen_days_count():
    mondays_and_fridays = Times((0, 4), 22, 0, BERLIN)

    due = all_moments(
        mondays_and_fridays, datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)
    )

    assert [at.astimezone(BERLIN).strftime("%a %d %H:%M") for at in due] == [
        "Mon 02 22:00", "Fri 06 22:00", "Mon 09 22:00", "Fri 13 22:00",
    ]  # fmt: skip


def test_without_a_day_nothing_is_due():
    never = Times((), 2, 30, BERLIN)

    assert never.last(datetime(2026, 11, 2, tzinfo=UTC)) is None
    assert never.next(datetime(2026, 11, 2, tzinfo=UTC)) is None


def test_the_server_s_own_zone_counts_where_none_is_named(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        found = Times(EVERY_DAY, 2, 30).moment_on(date(2026, 7, 1))
    finally:
        monkeypatch.undo()
        time.tzset()

    assert found == datetime(2026, 7, 1, 0, 30, tzinfo=UTC)


@given(times, moments)
def test_the_last_moment_is_past_and_the_next_is_to_come(times, now):
    last, following = times.last(now), times.next(now)

    assert last <= now < following
    assert following - last <= timedelta(days=7, hours=2)
    assert last.astimezone(times.zone).weekday() in times.days


@given(times, moments, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_as_time_goes_by_the_last_moment_never_goes_back(times, now, later):
    assert times.last(now) <= times.last(now + later)


@given(times, moments)
def test_the_next_moment_is_the_last_one_once_it_has_come(times, now):
    following = times.next(now)

    assert times.last(following) == following
    assert times.last(following - timedelta(seconds=1)) == times.last(now)
