"""A schedule and real workers: a round is made once, in time, and made up for after a stop."""

from datetime import timedelta

import pytest

from tests.automating import a_course, items, rounds, set_schedule
from tests.factories import make_admin
from tests.system.courses import ask_for_backup, make_full_course, now
from tests.system.processes import SLOWLY, kill, wait_until, worker
from webapp.extensions import db
from webapp.models import ItemState, Job, JobKind, Message, utc_now

pytestmark = pytest.mark.system


def due_in(admin, minutes, **values):
    """A schedule whose newest moment is so many minutes ago (below 0) or in so many."""
    at = (utc_now() + timedelta(minutes=minutes)).astimezone()
    set_schedule(admin, hour=at.hour, minute=at.minute, since=utc_now() - timedelta(days=2), **values)


def is_over():
    return rounds() and rounds()[0].finished_at


def automated():
    db.session.rollback()
    return db.session.query(Job).filter_by(kind=JobKind.AUTOMATED).all()


def test_two_workers_make_one_round_and_make_up_for_what_was_missed(app, instance):
    ruth = make_admin("ruth")
    a_course(ruth)
    a_course(ruth, shortname="TIDE2")
    due_in(ruth, -90)

    with worker(instance), worker(instance):
        wait_until(is_over, "the round is over")
        reports = wait_until(
            lambda: db.session.query(Message).filter_by(event="automated_report").all(), "it is reported"
        )

    assert len(rounds()) == 1
    assert utc_now() - rounds()[0].due_at < timedelta(minutes=100)
    assert [item.state for item in items()] == [ItemState.DONE, ItemState.DONE]
    assert [job.attempts for job in automated()] == [1, 1]
    assert len(reports) == 1


def test_a_killed_worker_costs_a_round_nothing(app, instance):
    ruth = make_admin("ruth")
    course = make_full_course(ruth)
    course.visible = True
    db.session.commit()
    due_in(ruth, -1)

    with worker(instance, env=SLOWLY) as first:
        wait_until(lambda: automated() and automated()[0].done_bytes, "the backup is under way")
        kill(first)
    with worker(instance):
        wait_until(is_over, "the round is over")

    assert [item.state for item in items()] == [ItemState.DONE]
    assert automated()[0].attempts == 2


def test_with_one_thread_a_teacher_s_backup_goes_before_the_automatic_one(app, instance):
    ruth, luc = make_admin("ruth"), make_admin("luc")
    course = make_full_course(ruth)
    course.visible = True
    db.session.commit()
    due_in(ruth, -1)

    with worker(instance, threads=1, env=SLOWLY):
        wait_until(lambda: automated() and automated()[0].done_bytes, "the automatic backup is under way")
        asked = ask_for_backup(course, luc)
        wait_until(lambda: now(asked.id).is_over, "the backup that was asked for is made")
        assert not is_over()
        wait_until(is_over, "the round is over all the same")

    assert [item.state for item in items()] == [ItemState.DONE]
    assert automated()[0].finished_at > now(asked.id).finished_at
