"""What `coursekeep doctor --deep` finds in the files themselves."""

import io
import json
import os
import time

import pytest
import sqlalchemy as sa

from tests.factories import make_archive
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from tests.running import back_up
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, CourseFile

LONG_AGO = time.time() - 86400


@pytest.fixture
def kept(course, teacher):
    """A course with its files, and a sound backup of it; returns the path of one file's content."""
    back_up(course, teacher)
    listed = sa.select(CourseFile.stored_hash).where(CourseFile.filename != ".")
    return places.storage().path(db.session.scalars(listed).first())


@pytest.fixture
def deep(kept, coursekeep):
    """Run the command; returns its exit code, how contents and backups stand, and what is wrong with which."""

    def run():
        code, out, _ = coursekeep("doctor", "--deep", "--json")
        said = json.loads(out)
        states = {check["name"]: check["state"] for check in said["checks"]}
        return code, states["contents"], states["backups"], said["troubles"]

    return run


def name_of(path):
    return str(path.relative_to(places.instance()))


def test_what_is_sound_is_told_to_be(deep):
    assert deep()[1:] == ("ok", "ok", [])


def test_without_the_word_only_the_quick_checks_are_made(kept, coursekeep):
    _, out, _ = coursekeep("doctor", "--json")

    assert not {"contents", "backups"} & {check["name"] for check in json.loads(out)["checks"]}


def test_a_content_that_is_missing_is_named_with_its_course(deep, kept, course):
    kept.unlink()

    code, contents, backups, troubles = deep()

    assert (code, contents, backups) == (1, "bad", "ok")
    assert troubles == [{"what": "missing", "name": name_of(kept), "courses": [course.shortname], "says": ""}]


def test_a_content_with_one_wrong_bit_is_named(deep, kept):
    content = bytearray(kept.read_bytes())
    content[-1] ^= 1
    kept.write_bytes(content)

    code, contents, _, (trouble,) = deep()

    assert (code, contents) == (1, "bad")
    assert (trouble["what"], trouble["name"]) == ("changed", name_of(kept))


def test_what_nothing_lists_for_long_is_something_to_look_at(deep):
    stored = places.storage().save(io.BytesIO(b"nobody's"))
    fresh = places.storage().save(io.BytesIO(b"of an edit that has just begun"))
    path = places.storage().path(stored.hash)
    os.utime(path, (LONG_AGO, LONG_AGO))
    stray = places.archives() / "987.mbz"
    stray.write_bytes(b"no row")
    os.utime(stray, (LONG_AGO, LONG_AGO))

    _, contents, backups, troubles = deep()

    assert (contents, backups) == ("warn", "warn")
    assert [one["name"] for one in troubles] == [name_of(path), "archives/987.mbz"]
    assert fresh.hash not in str(troubles)


def test_a_backup_with_one_wrong_bit_is_named_with_its_course(deep, course):
    (archive,) = db.session.scalars(sa.select(ArchiveFile).where(ArchiveFile.course_id == course.id))
    path = places.archive_path(archive.id)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)

    code, contents, backups, (trouble,) = deep()

    assert (code, contents, backups) == (1, "ok", "bad")
    assert (trouble["what"], trouble["name"]) == ("damaged", name_of(path))
    assert trouble["courses"] == [course.shortname]
    assert trouble["says"]


def test_for_people_each_trouble_is_a_line(kept, course, teacher, coursekeep):
    kept.unlink()
    make_archive(teacher, course, content=None)

    code, out, _ = coursekeep("doctor", "--deep")

    assert code == 1
    assert f"missing: {name_of(kept)} (of {course.shortname})" in out
    assert ": Its file is gone." in out
