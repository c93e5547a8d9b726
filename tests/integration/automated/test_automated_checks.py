"""Stored backups are read again over time, and whoever has to know is told when one has gone bad."""

from datetime import timedelta

import pytest

from jobs import scheduler
from tests.archives import PICTURE, pack_tgz, small_course
from tests.automating import NIGHT, a_round, copies, items, set_schedule, step
from tests.factories import make_teacher
from tests.pages import text
from tests.running import back_up, keep_upload, restore
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, Destination, JobKind, Message, utc_now

LATER = timedelta(days=31)


@pytest.fixture
def backup(ruth, tides):
    """A teacher's backup, last read 31 days ago."""
    job, _ = back_up(tides, ruth)
    a_round(NIGHT)  # the mail
    archive = db.session.get(ArchiveFile, job.result["archive_id"])
    archive.verified_at = utc_now() - LATER
    db.session.commit()
    set_schedule(ruth, active=False, check_days=30)
    return archive


def damage(path, at=0.5):
    """Turn one byte of the file over."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(content)


def findings():
    return db.session.query(Message).filter_by(event="check_damaged").all()


def test_a_sound_backup_is_read_again_and_said_to_be_sound(ruth, backup, sign_in_as, page, tides):
    job = step(utc_now())

    assert (job.kind, job.target_id) == (JobKind.CHECK, backup.id)
    assert utc_now() - backup.verified_at < timedelta(minutes=1)
    assert (backup.damage, findings()) == ("", [])
    sign_in_as(make_teacher(course=tides))
    assert "Today" in text(page(f"/courses/{tides.id}/backups").main)


def test_what_was_read_lately_is_let_be(ruth, backup):
    backup.verified_at = utc_now() - timedelta(days=29)
    db.session.commit()

    assert step(utc_now()) is None


def test_with_0_days_nothing_is_read_again(ruth, backup):
    set_schedule(ruth, active=False, check_days=0)

    assert step(utc_now()) is None


def test_the_one_that_was_longest_not_read_comes_first(ruth, tides, backup):
    job, _ = back_up(tides, ruth)
    older = db.session.get(ArchiveFile, job.result["archive_id"])
    older.verified_at = utc_now() - LATER * 2
    db.session.commit()

    assert [step(utc_now()).target_id, step(utc_now()).target_id] == [older.id, backup.id]
    assert step(utc_now()) is None


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.95])
def test_one_byte_that_has_turned_over_is_found(ruth, backup, at):
    damage(places.archive_path(backup.id), at)

    step(utc_now())

    assert backup.damage
    assert utc_now() - backup.verified_at < timedelta(minutes=1)


@pytest.mark.parametrize("how", ["gone", "cut short"])
def test_a_file_that_is_gone_or_cut_short_is_found(ruth, backup, how):
    path = places.archive_path(backup.id)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])

    step(utc_now())

    assert backup.damage == "Its file is gone." if how == "gone" else backup.damage.startswith("It has ")


def test_admins_are_told_once_and_teachers_see_it(ruth, backup, tides, sign_in_as, page):
    places.archive_path(backup.id).unlink()

    step(utc_now())
    backup.verified_at = utc_now() - LATER
    db.session.commit()
    step(utc_now())

    (told,) = findings()
    assert told.user_id == ruth.id
    assert told.subject == f"A backup of {tides.fullname} is damaged"
    assert "Its file is gone." in told.text
    sign_in_as(make_teacher(course=tides))
    shown = text(page(f"/courses/{tides.id}/backups").main)
    assert "Damaged" in shown
    assert "Its file is gone." in shown


def test_admins_find_all_that_is_damaged_on_one_page(ruth, backup, sign_in_as, page):
    places.archive_path(backup.id).unlink()
    step(utc_now())
    sign_in_as(ruth)

    assert "1 stored backup is damaged." in text(page("/settings/automatic").main)
    shown = text(page("/settings/automatic/damaged").main)
    assert backup.filename in shown
    assert "Its file is gone." in shown


def test_where_nothing_is_damaged_the_page_says_so(ruth, sign_in_as, page):
    sign_in_as(ruth)

    assert "Nothing is damaged" in text(page("/settings/automatic/damaged").main)


def test_a_backup_that_is_sound_again_is_said_to_be(ruth, backup):
    path = places.archive_path(backup.id)
    content = path.read_bytes()
    path.unlink()
    step(utc_now())
    path.write_bytes(content)
    backup.verified_at = utc_now() - LATER
    db.session.commit()

    step(utc_now())

    assert backup.damage == ""


def test_what_was_missing_from_the_course_is_no_fresh_damage(ruth):
    lacking = {name: content for name, content in small_course().items() if content != PICTURE}
    _, course = restore(pack_tgz(lacking), ruth)
    job, _ = back_up(course, ruth)
    a_round(NIGHT)
    archive = db.session.get(ArchiveFile, job.result["archive_id"])
    assert archive.survey["damage"] > 0
    archive.verified_at = utc_now() - LATER
    db.session.commit()
    set_schedule(ruth, active=False, check_days=30)

    step(utc_now())

    assert archive.damage == ""


def test_an_upload_that_waits_for_its_restore_is_let_be(ruth):
    upload = keep_upload(b"nothing", ruth)
    upload.created_at = utc_now() - LATER
    db.session.commit()
    set_schedule(ruth, active=False, check_days=30)

    assert step(utc_now()) is None


def test_a_backup_that_is_deleted_before_its_turn_needs_no_check(ruth, backup):
    job = scheduler.tick(utc_now())
    db.session.delete(backup)
    db.session.commit()

    from tests.running import run

    assert run(job).state == "done"


def test_copies_in_the_folder_are_read_again_too(ruth, tides, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))
    a_round(NIGHT)
    (copy,) = copies()
    copy.verified_at = utc_now() - LATER
    db.session.commit()
    set_schedule(ruth, active=False, check_days=30)
    damage(folder / copy.filename)

    job = step(utc_now())

    assert (job.kind, job.scope) == (JobKind.CHECK, "copy")
    assert copies()[0].damage == "It is no longer what was written there."
    assert items()[0].copy.damage
    assert len(findings()) == 1
