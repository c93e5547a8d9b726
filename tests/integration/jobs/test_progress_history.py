"""How long jobs took lately, drawn and in words."""

from datetime import timedelta

import pytest

from tests.factories import make_admin, make_job, make_teacher
from tests.pages import text
from webapp.models import JobKind, JobState, utc_now


@pytest.fixture
def took(app):
    """Makes a backup that took so many seconds and came to so many bytes, so many days ago."""
    teacher = make_teacher()

    def make(seconds, size=1000, days=1, **values):
        ended = utc_now() - timedelta(days=days)
        given = {
            "state": JobState.DONE,
            "finished_at": ended,
            "started_at": ended - timedelta(seconds=seconds),
        }
        return make_job(teacher, title=f"{seconds} seconds", result={"size": size}, **given | values)

    return make


def test_each_job_is_a_bar_as_high_as_it_was_long_oldest_first(took, page, sign_in_as):
    took(30, days=2)
    took(60, days=1)
    took(15, days=3)
    sign_in_as(make_admin())

    chart = page("/jobs/history").select_one(".chart")

    bars = chart.select("rect")
    assert [text(bar.title) for bar in bars] == [
        "15 seconds: 15 seconds", "30 seconds: 30 seconds", "60 seconds: 60 seconds",
    ]  # fmt: skip
    assert [float(bar["height"]) for bar in bars] == [20, 40, 80]
    assert [float(bar["y"]) + float(bar["height"]) for bar in bars] == [80, 80, 80]


def test_what_the_bars_tell_is_said_in_words_and_stands_in_a_table(took, page, sign_in_as):
    for seconds, size in ((10, 1_000_000), (20, 2_000_000), (40, 9_000_000)):
        took(seconds, size)
    took(5, state=JobState.FAILED)
    sign_in_as(make_admin())

    shown = page("/jobs/history")

    times, sizes = (chart.svg["aria-label"] for chart in shown.select(".chart"))
    assert times == "How long they took. 4 jobs: half of them up to 15 seconds, the most 40 seconds."
    assert sizes.endswith("the most 9.0 MB.")
    assert "1 job of these failed" in text(shown.main)
    assert len(shown.select("rect.bad")) == 2
    assert len(shown.select("table tbody tr")) == 4


def test_each_kind_has_its_own(took, page, sign_in_as):
    took(10)
    took(20, kind=JobKind.CHECK)
    sign_in_as(make_admin())

    assert text(page("/jobs/history?kind=check").select_one("rect title")) == "20 seconds: 20 seconds"
    assert text(page("/jobs/history?kind=copy").select_one(".empty h2")) == "Nothing yet"


def test_what_is_long_ago_or_was_cancelled_tells_nothing(took, page, sign_in_as):
    took(10, days=200)
    took(10, state=JobState.CANCELLED)
    sign_in_as(make_admin())

    assert page("/jobs/history").select(".chart") == []


def test_it_is_for_admins_and_of_kinds_that_there_are(app, client, sign_in_as):
    sign_in_as(make_teacher())
    refused = client.get("/jobs/history").status_code
    sign_in_as(make_admin())

    assert refused == 403
    assert client.get("/jobs/history?kind=mail").status_code == 404
