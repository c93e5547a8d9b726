"""A round of automatic backups: begun once, course by course, behind everybody's work, with a report."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs import leftovers, queue, scheduler
from jobs.automated import runs
from jobs.engine import automated
from jobs.problems import JobHandedBack
from jobs.runner import claim
from tests.automating import NIGHT, a_course, a_round, finish, items, rounds, set_schedule
from tests.factories import keep, make_admin, make_category, make_course, make_job, make_teacher
from tests.running import keep_upload, run
from webapp import places
from webapp.content.edit import edit
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    ArchiveOrigin,
    AutomatedRun,
    Category,
    Document,
    ItemState,
    Job,
    JobKind,
    JobState,
    Message,
    utc_now,
)


def states():
    return {item.title: (item.state, item.reason) for item in items()}


def end(job, state=JobState.DONE, problem=""):
    with write_transaction() as session:
        row = session.get(Job, job.id)
        row.state, row.problem, row.finished_at = state, problem, utc_now()


def test_what_is_due_begins_once(ruth):
    set_schedule(ruth)

    scheduler.tick(NIGHT - timedelta(seconds=1))
    assert rounds() == []
    for seconds in range(3):
        scheduler.tick(NIGHT + timedelta(seconds=seconds))

    assert [one.due_at for one in rounds()] == [NIGHT]


def test_after_a_stop_only_the_last_missed_round_is_made_up_for(ruth):
    set_schedule(ruth)

    for _ in range(3):
        a_round(NIGHT + timedelta(days=5, hours=3))

    assert [one.due_at for one in rounds()] == [NIGHT + timedelta(days=5)]


def test_what_was_due_before_the_schedule_was_set_is_not_made_up_for(ruth):
    set_schedule(ruth, since=NIGHT + timedelta(hours=1))

    scheduler.tick(NIGHT + timedelta(hours=2))

    assert rounds() == []


def test_a_schedule_that_is_off_begins_nothing(ruth):
    set_schedule(ruth, active=False)

    scheduler.tick(NIGHT)

    assert rounds() == []


def test_a_round_that_is_not_over_is_followed_by_no_second_one(ruth, tides):
    set_schedule(ruth)
    scheduler.tick(NIGHT)

    scheduler.tick(NIGHT + timedelta(days=1))
    assert len(rounds()) == 1
    finish()
    scheduler.tick(NIGHT + timedelta(days=1))

    assert [one.due_at for one in rounds()] == [NIGHT, NIGHT + timedelta(days=1)]


def test_a_round_backs_up_each_course_and_checks_it(ruth, tides):
    set_schedule(ruth)

    a_round(NIGHT)

    (item,) = items()
    assert (item.state, item.title, item.warnings) == (ItemState.DONE, tides.fullname, [])
    assert item.archive.origin == ArchiveOrigin.AUTOMATED
    assert item.archive.course_id == tides.id
    assert item.archive.verified_at is not None
    assert item.archive.with_people
    assert places.archive_path(item.archive_id).stat().st_size == item.size == item.archive.size
    assert rounds()[0].finished_at is not None


def test_people_and_files_stay_out_where_the_schedule_says_so(ruth, tides):
    set_schedule(ruth, people=False, files=False, without=["filters"])

    a_round(NIGHT)

    (item,) = items()
    assert (item.archive.with_people, item.archive.with_files) == (False, False)
    assert item.job.options["without"] == ["filters"]


def test_no_course_is_told_of_by_a_message_of_its_own(ruth, tides):
    set_schedule(ruth)

    a_round(NIGHT)

    assert [message.event for message in db.session.query(Message)] == ["restore_done", "automated_report"]


def test_hidden_courses_and_other_categories_are_left_out(ruth, tides):
    wanted, other = make_category("Year 9"), make_category("Year 10")
    tides.category_id = keep(Category(name="Autumn", parent_id=wanted.id)).id
    make_course("HID", category_id=wanted.id, visible=False, fullname="Hidden")
    make_course("OTH", category_id=other.id, fullname="Other")
    db.session.commit()
    set_schedule(ruth, categories=[wanted.id])

    a_round(NIGHT)

    assert states() == {
        tides.fullname: (ItemState.DONE, ""),
        "Hidden": (ItemState.SKIPPED, "Hidden courses are left out."),
    }


def test_hidden_courses_go_in_where_the_schedule_says_so(ruth, tides):
    tides.visible = False
    db.session.commit()
    set_schedule(ruth, skip_hidden=False)

    a_round(NIGHT)

    assert states() == {tides.fullname: (ItemState.DONE, "")}


def test_a_course_in_which_nothing_has_changed_is_left_out(ruth, tides):
    set_schedule(ruth)
    a_round(NIGHT)

    a_round(NIGHT + timedelta(days=1))

    first, second = items()
    assert (first.state, second.state) == (ItemState.DONE, ItemState.SKIPPED)
    assert second.reason.startswith("Nothing has changed since the backup of")


@pytest.mark.parametrize("why", ["changed", "deleted", "damaged", "file gone", "other content", "asked for"])
def test_a_course_is_backed_up_again_when_the_last_backup_no_longer_holds_it(ruth, tides, why):
    set_schedule(ruth)
    a_round(NIGHT)
    archive = items()[0].archive
    if why == "changed":
        tides.changed_at = utc_now()
    elif why == "deleted":
        db.session.delete(archive)
    elif why == "damaged":
        archive.damage = "It can’t be read."
    elif why == "file gone":
        places.archive_path(archive.id).unlink()
    elif why == "other content":
        set_schedule(ruth, people=False)
    else:
        set_schedule(ruth, skip_unchanged=False)
    db.session.commit()

    a_round(NIGHT + timedelta(days=1))

    assert [item.state for item in items()] == [ItemState.DONE, ItemState.DONE]


def test_what_is_changed_while_the_course_is_read_is_not_taken_for_backed_up(ruth, tides, monkeypatch):
    set_schedule(ruth)
    make = automated.make_archive

    def make_while_somebody_edits(*given, **named):
        made = make(*given, **named)
        with edit(tides):
            pass
        return made

    monkeypatch.setattr(automated, "make_archive", make_while_somebody_edits)
    a_round(NIGHT)
    monkeypatch.undo()
    a_round(NIGHT + timedelta(days=1))

    assert [item.state for item in items()] == [ItemState.DONE, ItemState.DONE]


def test_the_course_with_the_oldest_backup_comes_first(ruth, tides):
    set_schedule(ruth, skip_unchanged=False)
    a_round(NIGHT)
    newcomer = make_course("NEW", fullname="Newcomer")

    scheduler.tick(NIGHT + timedelta(days=1))

    assert [item.course_id for item in items()[1:]] == [newcomer.id, tides.id]


def test_one_course_that_fails_does_not_keep_the_others_from_it(ruth, tides):
    broken = a_course(ruth, shortname="BROKEN", fullname="Broken course")
    broken_ones = Document.version_id == broken.version_id
    db.session.query(Document).filter(broken_ones).update({"skeleton": b"\x00 no skeleton"})
    db.session.commit()
    set_schedule(ruth)

    a_round(NIGHT)

    found = states()
    assert found[tides.fullname] == (ItemState.DONE, "")
    assert found[broken.fullname][0] == ItemState.FAILED
    assert found[broken.fullname][1]


@pytest.mark.parametrize("how", ["into the bin", "for ever"])
def test_a_course_that_is_deleted_before_its_turn_is_left_out(ruth, tides, how):
    set_schedule(ruth)
    course = make_course("SOON", fullname="Soon gone")
    scheduler.tick(NIGHT)
    if how == "into the bin":
        course.binned_at = utc_now()
    else:
        db.session.delete(course)
    db.session.commit()

    finish()

    assert states()["Soon gone"] == (ItemState.SKIPPED, "The course was deleted before its turn came.")


def test_a_course_in_the_bin_is_not_backed_up(ruth, tides):
    tides.binned_at = utc_now()
    db.session.commit()
    set_schedule(ruth)

    a_round(NIGHT)

    assert items() == []


def test_only_one_automatic_backup_is_under_way_at_a_time(ruth, tides):
    make_course("SECOND")
    set_schedule(ruth)
    first = scheduler.tick(NIGHT)

    assert first.kind == JobKind.AUTOMATED
    assert scheduler.tick(NIGHT) is None
    run(first)
    second = scheduler.tick(NIGHT)

    assert (second.kind, second.id != first.id) == (JobKind.AUTOMATED, True)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_a_round_waits_while_somebody_s_work_goes_on(ruth, tides, state):
    set_schedule(ruth)
    work = make_job(make_teacher(), tides, state=state)

    assert scheduler.tick(NIGHT) is None
    end(work)

    assert scheduler.tick(NIGHT).kind == JobKind.AUTOMATED


def test_a_restore_that_waits_for_an_answer_holds_nothing_up(ruth, tides):
    set_schedule(ruth)
    make_job(make_teacher(), tides, kind=JobKind.RESTORE, state=JobState.WAITING)

    assert scheduler.tick(NIGHT).kind == JobKind.AUTOMATED


def test_an_automatic_backup_in_line_is_not_taken_before_what_a_teacher_asked_for(ruth, tides):
    set_schedule(ruth)
    automatic = scheduler.tick(NIGHT)
    asked = make_job(make_teacher(), tides)

    assert claim(automatic.id) is None
    assert claim(asked.id) is not None
    end(asked)

    assert claim(automatic.id) is not None


def test_a_running_automatic_backup_gives_way_to_work_that_finds_no_worker(ruth, tides):
    set_schedule(ruth)
    automatic = claim(scheduler.tick(NIGHT).id)
    automatic.plan([])
    make_job(make_teacher(), tides, queued_at=utc_now() - timedelta(seconds=3))

    with pytest.raises(JobHandedBack):
        automatic.checkpoint()


def test_a_running_automatic_backup_goes_on_beside_work_that_has_a_worker(ruth, tides):
    set_schedule(ruth)
    automatic = claim(scheduler.tick(NIGHT).id)
    automatic.plan([])
    make_job(make_teacher(), tides, state=JobState.RUNNING)

    automatic.checkpoint()


def test_a_teacher_can_back_the_course_up_meanwhile(ruth, tides, client, sign_in_as, page):
    set_schedule(ruth)
    scheduler.tick(NIGHT)
    sign_in_as(make_teacher(course=tides))

    shown = page(f"/courses/{tides.id}/edit")

    assert "backing up" not in shown.main.get_text()
    assert client.get(f"/courses/{tides.id}/backups/new").status_code == 200


def test_an_admin_who_left_is_followed_by_another_one(ruth, tides):
    set_schedule(ruth)
    luc = make_admin("luc")
    ruth.active = False
    db.session.commit()

    a_round(NIGHT)

    (item,) = items()
    assert (item.state, item.archive.owner_id) == (ItemState.DONE, luc.id)


def test_a_round_that_is_stopped_keeps_what_it_has_made(ruth, tides):
    make_course("SECOND", fullname="Second")
    set_schedule(ruth)
    run(scheduler.tick(NIGHT))
    scheduler.tick(NIGHT)

    under_way = rounds()[0]
    at_work = runs.stop(db.session(), under_way)
    db.session.commit()
    for job_id in at_work:
        queue.cancel(job_id)
    finish()

    found = states()
    assert found[tides.fullname][0] == ItemState.DONE
    assert found["Second"] == (ItemState.FAILED, "It was cancelled.")
    assert db.session.query(AutomatedRun).one().finished_at is not None


def test_a_round_whose_end_fails_is_over_all_the_same(ruth, tides):
    set_schedule(ruth)
    run(scheduler.tick(NIGHT))
    closing = scheduler.tick(NIGHT)
    assert closing.kind == JobKind.CLOSING
    end(closing, JobState.FAILED, "The disk is full.")

    scheduler.tick(NIGHT)

    assert rounds()[0].finished_at is not None
    assert rounds()[0].notes == ["The disk is full."]


def test_rounds_of_long_ago_are_forgotten_with_their_jobs(ruth, tides):
    set_schedule(ruth, skip_unchanged=False)
    a_round(NIGHT)
    old = rounds()[0]
    old.finished_at = utc_now() - timedelta(days=401)
    for job in db.session.query(Job):
        job.finished_at = utc_now() - timedelta(days=91)
    db.session.commit()

    a_round(NIGHT + timedelta(days=1))
    leftovers.clear()
    db.session.rollback()

    assert [one.due_at for one in rounds()] == [NIGHT + timedelta(days=1)]
    kinds = [job.kind for job in db.session.query(Job)]
    assert (kinds.count(JobKind.AUTOMATED), kinds.count(JobKind.RESTORE)) == (1, 0)
    assert db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count() == 2


def test_an_upload_is_never_taken_for_an_automatic_backup(ruth):
    set_schedule(ruth)
    brought = keep_upload(b"a file", ruth)

    a_round(datetime(2026, 11, 26, 3, tzinfo=UTC))

    assert db.session.get(ArchiveFile, brought.id) is not None
