"""Automatic backups in a folder of the admins: whole or not at all, and nothing of others is touched."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.automated.folder import FolderProblem, check_folder, free_name, problem_with, take_name, write_part
from jobs.automated.leftovers import part_name
from tests.automating import NIGHT, a_round, copies, finish, items, rounds, set_schedule, step
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, Destination, FolderCopy, ItemState, JobState


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "elsewhere"
    made.mkdir()
    return made


def here(folder):
    return sorted(path.name for path in folder.iterdir())


def in_app():
    return db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count()


def test_a_backup_lies_in_the_folder_under_a_name_that_says_what_it_is(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))

    a_round(NIGHT)

    (copy,) = copies()
    written = folder / copy.filename
    assert here(folder) == [copy.filename]
    assert "-tide1-2" in copy.filename
    assert (written.stat().st_size, written.stat().st_mode & 0o777) == (copy.size, 0o600)
    assert copy.verified_at is not None
    assert (items()[0].copy_id, items()[0].size) == (copy.id, copy.size)
    assert in_app() == 0


def test_a_backup_lies_in_both_places(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.BOTH, folder=str(folder))

    a_round(NIGHT)

    (item,) = items()
    assert places.archive_path(item.archive_id).read_bytes() == (folder / item.copy.filename).read_bytes()


def test_a_file_that_is_there_is_not_overwritten(ruth, tides, folder, monkeypatch):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder), skip_unchanged=False)
    a_round(NIGHT)
    name = here(folder)[0]
    (folder / name).write_bytes(b"somebody else's")

    other = free_name(folder, name)
    part = folder / "part"
    part.write_bytes(b"ours")
    with pytest.raises(FolderProblem, match="Another program"):
        take_name(part, name)

    assert other == name.removesuffix(".mbz") + "-2.mbz"
    assert here(folder) == [name]
    assert (folder / name).read_bytes() == b"somebody else's"


def test_a_folder_that_is_gone_fails_the_course_and_the_next_round_goes_on(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))
    folder.rmdir()
    a_round(NIGHT)
    folder.mkdir()

    a_round(NIGHT + timedelta(days=1))

    first, second = items()
    assert first.state == ItemState.FAILED
    assert first.reason.startswith(f"The folder {folder} is not there.")
    assert second.state == ItemState.DONE
    assert len(here(folder)) == 1


def test_with_both_places_a_folder_that_is_gone_costs_only_the_copy(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.BOTH, folder=str(folder))
    folder.rmdir()

    a_round(NIGHT)

    (item,) = items()
    assert item.state == ItemState.WARNED
    assert item.warnings[0].startswith(f"The folder {folder} is not there.")
    assert item.warnings[0].endswith("The backup in Coursekeep is there.")
    assert (in_app(), copies()) == (1, [])


def test_a_course_is_copied_again_where_the_last_copy_is_missing(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.BOTH, folder=str(folder))
    a_round(NIGHT)
    (folder / copies()[0].filename).unlink()

    a_round(NIGHT + timedelta(days=1))

    assert [item.state for item in items()] == [ItemState.DONE, ItemState.DONE]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "can’t be written to by the user that runs Coursekeep"),
        (errno.EROFS, "can only be read"),
        (errno.EDQUOT, "There is no room left"),
        (errno.EIO, "can’t be used: Input/output error"),
    ],
)
def test_what_the_system_says_of_a_folder_is_said_in_words(folder, number, words):
    said = problem_with(folder, OSError(number, os.strerror(number)))

    assert words in str(said)
    assert str(folder) in str(said)


def test_a_full_disk_leaves_no_half_copy(folder, tmp_path):
    source = tmp_path / "backup.mbz"
    source.write_bytes(bytes(100))

    def full(_bytes):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FolderProblem, match=f"There is no room left in the folder {folder}"):
        write_part(source, folder / "x.part", full)
    assert here(folder) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("backups", "Write the whole path"),
        ("{instance}/archives", "within Coursekeep’s own folder"),
        ("{instance}", "within Coursekeep’s own folder"),
        ("{tmp}/nowhere", "is not there"),
        ("{tmp}/file", "is not a folder"),
        ("{tmp}/link", "within Coursekeep’s own folder"),
    ],
)
def test_a_folder_that_won_t_do_is_refused_with_the_reason(instance, tmp_path, path, words):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(instance)

    with pytest.raises(FolderProblem, match=words):
        check_folder(Path(path.format(instance=instance, tmp=tmp_path)), instance)


def test_what_a_killed_backup_left_in_the_folder_goes_with_the_next_round(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))
    unfinished = folder / part_name(99)
    unfinished.write_bytes(b"half")
    (folder / ".coursekeep-somebodyelse-99.part").write_bytes(b"of another installation")
    (folder / "named.mbz").write_bytes(b"")
    db.session.add(
        FolderCopy(
            course_id=tides.id, folder=str(folder), filename="named.mbz", size=0,
            # Of no bytes at all.
            sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        )
    )  # fmt: skip
    db.session.commit()

    a_round(NIGHT)

    assert here(folder) == [".coursekeep-somebodyelse-99.part", copies()[0].filename]
    assert len(copies()) == 1


def test_somebody_else_s_file_under_the_name_of_a_killed_backup_stays(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))
    (folder / "named.mbz").write_bytes(b"theirs")
    db.session.add(
        FolderCopy(course_id=tides.id, folder=str(folder), filename="named.mbz", size=6, sha256="0" * 64)
    )
    db.session.commit()

    a_round(NIGHT)

    assert (folder / "named.mbz").read_bytes() == b"theirs"
    assert "named.mbz" not in [copy.filename for copy in copies()]


def test_old_copies_go_by_the_rules_and_nothing_else_in_the_folder(ruth, tides, folder):
    theirs = folder / "backup-moodle2-course-2-tide1-20200101-0000.mbz"
    theirs.write_bytes(b"theirs")
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder), skip_unchanged=False, keep_last=1)
    for day in range(3):
        a_round(NIGHT + timedelta(days=day))

    (copy,) = copies()
    assert here(folder) == sorted([copy.filename, theirs.name])
    assert copy.id == items()[-1].copy_id
    assert [one.removed for one in rounds()] == [0, 1, 1]


def test_a_copy_that_somebody_has_replaced_is_not_deleted(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder), skip_unchanged=False, keep_last=1)
    a_round(NIGHT)
    replaced = folder / copies()[0].filename
    replaced.write_bytes(b"x" * copies()[0].size)

    a_round(NIGHT + timedelta(days=1))

    assert replaced.exists()
    assert [copy.id for copy in copies()] == [items()[-1].copy_id]


def test_while_the_folder_is_gone_no_copy_is_forgotten(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder), skip_unchanged=False, keep_last=1)
    a_round(NIGHT)
    folder.rename(folder.with_name("unplugged"))

    a_round(NIGHT + timedelta(days=1))

    assert len(copies()) == 1


def test_a_second_attempt_after_a_crash_leaves_one_copy(ruth, tides, folder):
    set_schedule(ruth, destination=Destination.FOLDER, folder=str(folder))
    job = step(NIGHT)
    # As if the power had gone before the end was written.
    copy = copies()[0]
    job.state, copy.verified_at = JobState.QUEUED, None
    db.session.commit()

    finish()

    assert here(folder) == [copies()[0].filename]
    assert len(copies()) == 1
    assert items()[0].copy_id == copies()[0].id
