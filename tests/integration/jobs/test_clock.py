"""Somebody sets the machine's clock, back or forth, while jobs wait and run."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from jobs import recovery, runner
from jobs.automated import runs
from tests.automating import a_course, a_round, set_schedule
from tests.factories import make_admin, make_job
from tests.running import back_up
from webapp.extensions import db
from webapp.models import AutomatedRun, Job, JobState, types, utc_now

DAY = 24


@pytest.fixture
def set_clock(monkeypatch):
    """Set what the program takes for now so many hours forth, or back."""

    def set_clock(hours):
        class Set(datetime):
            @classmethod
            def now(cls, zone=None):
                return datetime.now(zone) + timedelta(hours=hours)

        monkeypatch.setattr(types, "datetime", Set)

    return set_clock


@pytest.fixture
def admin(app):
    return make_admin("office", wants_mail=False)


def nudged(app):
    """The jobs that a worker would hear of now."""
    found = []
    while (task := app.extensions["queue"].dequeue()) is not None:
        found.append(task.args[0])
    return found


@pytest.mark.parametrize("hours", [-DAY, -1, 1, DAY])
def test_a_job_whose_nudge_was_lost_is_nudged_again_whatever_the_clock_says(app, admin, set_clock, hours):
    job = make_job(admin)

    set_clock(hours)
    recovery.Sweep().heal()

    assert nudged(app) == [job.id]


def test_a_long_line_is_not_nudged_all_the_time_after_the_clock_was_set_forth(app, admin, set_clock):
    make_job(admin)
    sweep = recovery.Sweep()

    set_clock(1)
    sweep.heal()
    set_clock(DAY)
    sweep.heal()
    set_clock(-DAY)
    sweep.heal()

    assert len(nudged(app)) == 1


@pytest.mark.parametrize("hours", [-DAY, DAY])
def test_a_running_job_is_not_taken_from_its_process_when_the_clock_is_set(app, admin, set_clock, hours):
    job = make_job(admin)
    run = runner.claim(job.id)

    set_clock(hours)
    recovery.Sweep().heal()

    db.session.rollback()
    assert db.session.get_one(Job, job.id).state == JobState.RUNNING
    assert db.session.get_one(Job, job.id).token == run.token


@pytest.mark.parametrize("hours", [-DAY, DAY])
def test_a_job_that_ends_by_another_clock_than_it_began_is_done(app, admin, set_clock, hours):
    course = a_course(admin)

    set_clock(hours)
    job, path = back_up(course, admin)

    assert job.state == JobState.DONE
    assert path.exists()


def test_a_round_of_automatic_backups_is_made_once_though_the_clock_goes_back_and_forth(
    app, admin, set_clock
):
    set_schedule(admin, since=utc_now().replace(year=2025))
    a_course(admin)

    for hours in (0, -2, 0, -DAY, 0):
        set_clock(hours)
        a_round(utc_now())

    moments = db.session.scalars(sa.select(AutomatedRun.due_at)).all()
    assert len(moments) == len(set(moments)) <= 3
    assert runs.due_moment(db.session(), utc_now()) is None
