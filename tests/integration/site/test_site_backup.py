"""A copy of the whole school, and the school that is put back from it."""

import io
import json
import os
import shutil
import stat
from collections import namedtuple
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.factories import make_admin, make_archive, make_course, make_course_file, make_job
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from tests.older import take_steps_to
from tests.pages import form_data, parse
from tests.running import back_up
from webapp import create_app, migrate, places
from webapp.access.passwords import hash_password
from webapp.cli import main
from webapp.extensions import db
from webapp.models import ArchiveFile, CourseFile, Job, JobState, Message, set_setting
from webapp.site_backup import rows
from webapp.storage import Storage

Usage = namedtuple("Usage", "total used free")
PASSWORD = "a long walk by the sea"


@pytest.fixture
def admin(app):
    return make_admin("office", password_hash=hash_password(PASSWORD))


@pytest.fixture
def school(admin, instance):
    """A school with a course that has a file, a backup of it, a mail and a configuration."""
    course = make_course()
    make_archive(admin, course, content=b"an archive")
    stored = places.storage().save(io.BytesIO(b"a handout"))
    make_course_file(course, "handout.txt", contenthash=stored.hash, stored_hash=stored.hash)
    (places.mail_folder() / "20261124-1.eml").write_bytes(b"Subject: Hello\n\nThere.\n")
    (instance / "config.toml").write_text('mail_username = "school"\nmail_password = "hush hush"\n')
    return course


@pytest.fixture
def school_at_work(school, course, admin, instance):
    """The same with a course that was restored and backed up here, and a name, in a folder that is its own alone."""
    instance.chmod(0o700)
    back_up(course, admin)
    set_setting("site_name", "Harbour School", by=None)
    db.session.commit()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copy"


@pytest.fixture
def copy(coursekeep, folder):
    """Run backup-site; returns its exit code, and what it says as JSON."""

    def run(*words):
        code, out, errors = coursekeep("backup-site", str(folder), "--json", *words)
        return code, json.loads(out) if out else errors

    return run


@pytest.fixture
def put_back(folder, tmp_path, capsys):
    """Run restore-site into a new folder; returns its exit code, and what it says."""

    def run(*words, into=None):
        code = main(
            ["--instance", str(into or tmp_path / "new"), "restore-site", str(folder), "--json", *words]
        )
        out, errors = capsys.readouterr()
        return code, json.loads(out) if out else errors

    return run


def pages_of(app):
    """What an admin sees of the school, signed in with the password."""
    client = app.test_client()
    page = parse(client.get("/sign-in").text)
    client.post(
        "/sign-in", data=form_data(page.find("form", method="post"), username="office", password=PASSWORD)
    )
    shown = {}
    for address in ("/", "/courses/2", "/courses/2/backups", "/people", "/settings"):
        answer = client.get(address)
        main = parse(answer.text).main
        # What a machine lacks is that machine's.
        for notice in main.select(".notice"):
            notice.decompose()
        shown[address] = answer.status_code, main.get_text(" ", strip=True)
    return shown


def stored_in(instance):
    return {
        str(path.relative_to(instance)): path.read_bytes()
        for part in ("files", "archives", "mail")
        for path in (instance / part).rglob("*")
        if path.is_file() and path.suffix != ".index"
    }


def test_a_folder_of_a_course_has_nothing_that_could_be_lost(school, copy):
    empty = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    make_course_file(school, ".", contenthash=empty, stored_hash=empty)

    assert copy()[0] == 0


def any_content():
    return db.session.scalars(
        sa.select(CourseFile.stored_hash).where(CourseFile.stored_hash.is_not(None))
    ).first()


def test_a_school_that_is_put_back_elsewhere_is_the_same(
    school_at_work, app, instance, tmp_path, copy, put_back
):
    seen, kept, site_hash = pages_of(app), stored_in(instance), app.config["SITE_HASH"]

    made = copy()
    code, done = put_back()

    assert (made[0], code, done["lost"]) == (0, 0, [])
    assert stored_in(tmp_path / "new") == kept
    moved = create_app(INSTANCE=tmp_path / "new", TESTING=True)
    with moved.app_context():
        assert pages_of(moved) == seen
        assert moved.config["SITE_HASH"] == site_hash
        assert moved.config["MAIL_USERNAME"] == "school"
        db.engine.dispose()
    assert {address: status for address, (status, _) in seen.items()} == dict.fromkeys(seen, 200)


def test_what_is_secret_is_not_in_the_copy(school, instance, folder, copy, put_back, tmp_path):
    key = (instance / "secret").read_bytes()

    code, _ = copy()
    put_back()

    assert code == 0
    everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not [content for content in everything if key in content or b"hush hush" in content]
    assert (tmp_path / "new/secret").read_bytes() != key


def test_secrets_go_to_a_file_of_their_own_that_nobody_else_may_read(
    school, instance, copy, put_back, tmp_path
):
    secrets = tmp_path / "secrets"

    copy("--secrets", str(secrets))
    put_back("--secrets", str(secrets))

    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert (tmp_path / "new/secret").read_bytes() == (instance / "secret").read_bytes()
    assert (tmp_path / "new/config.toml").read_bytes() == (instance / "config.toml").read_bytes()


def test_secrets_are_not_written_beside_what_they_open(school, folder, copy):
    code, errors = copy("--secrets", str(folder / "secrets"))

    assert (code, folder.exists()) == (1, False)
    assert errors.startswith("The secrets belong elsewhere than the copy")


def test_settings_that_hide_their_secret_are_left_out_and_that_is_said(school, instance, copy):
    (instance / "config.toml").write_text('mail_password = """\nhush\n"""\n')

    code, report = copy()

    assert code == 3
    assert report["notes"] == [
        "config.toml can’t be parted from the secrets in it, and is kept only with them (--secrets)."
    ]


def test_only_what_is_new_is_copied_again_and_what_is_gone_goes(school, admin, copy, folder):
    copy()

    _, unchanged = copy()
    archive = make_archive(admin, school, content=b"another archive")
    _, more = copy()
    places.archive_path(archive.id).unlink()
    db.session.delete(archive)
    db.session.commit()
    _, less = copy()

    assert unchanged["copied"] == {"files": 0, "bytes": 0}
    assert more["copied"]["files"] == 1
    assert less["removed"] == 2  # the backup, and the database that named it
    assert less["files"] == unchanged["files"]


def test_what_the_school_has_lost_is_named_with_its_course(school, copy, folder):
    content = any_content()
    places.storage().path(content).unlink()

    code, report = copy()

    assert code == 3
    assert report["lost"] == [{"what": "missing", "name": content, "courses": [school.shortname]}]


def test_what_has_gone_bad_in_the_school_stays_good_in_the_copy(school, copy, put_back, tmp_path):
    content = any_content()
    copy()
    good = places.storage().path(content).read_bytes()
    places.storage().path(content).write_bytes(b"\0" * len(good))

    code, _ = copy()
    put_back()

    assert code == 0
    assert Storage(tmp_path / "new/files").path(content).read_bytes() == good


def test_what_has_gone_bad_before_it_was_ever_copied_is_named(school, copy):
    content = any_content()
    path = places.storage().path(content)
    path.write_bytes(b"\0" * path.stat().st_size)

    code, report = copy()

    assert (code, report["lost"][0]["what"], report["lost"][0]["name"]) == (3, "changed", content)


@pytest.mark.parametrize("which", ["content", "archive"])
def test_what_has_gone_bad_in_the_copy_is_made_good_by_the_next_run(school, copy, folder, put_back, which):
    copy()
    named = json.loads((folder / "site.json").read_text())["named"]
    archive = next(kept["hash"] for name, kept in named.items() if name.startswith("archives/"))
    content = any_content() if which == "content" else archive
    bad = Storage(folder / "files").path(content)
    bad.write_bytes(bytes(bad.stat().st_size))

    code, report = copy()

    assert (code, report["copied"]["files"], report["lost"]) == (0, 1, [])
    assert put_back()[0] == 0


def test_what_is_deleted_while_the_copy_is_made_is_not_missing_from_it(school, copy, put_back, monkeypatch):
    (archive,) = db.session.scalars(sa.select(ArchiveFile).where(ArchiveFile.course_id == school.id))
    number, real = archive.id, rows.copy_database

    def copied_just_before(source, target):
        real(source, target)
        if places.archive_path(number).exists():
            places.archive_path(number).unlink()
            with db.engine.begin() as connection:
                connection.execute(sa.delete(ArchiveFile).where(ArchiveFile.id == number))

    monkeypatch.setattr(rows, "copy_database", copied_just_before)

    code, report = copy()

    assert (code, report["lost"]) == (0, [])
    assert put_back()[1]["lost"] == []


def test_work_under_way_is_closed_with_a_reason_and_mails_nobody(school, admin, copy, put_back, tmp_path):
    states = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING, JobState.DONE)
    *under_way, over = [make_job(admin, None, state=state, target_id=n).id for n, state in enumerate(states)]

    copy()
    _, done = put_back()

    moved = create_app(INSTANCE=tmp_path / "new", TESTING=True)
    with moved.app_context():
        jobs = [db.session.get_one(Job, number) for number in under_way]
        assert {job.state for job in jobs} == {JobState.FAILED}
        assert {job.problem for job in jobs} == {rows.CLOSED}
        assert all(job.finished_at for job in jobs)
        assert db.session.get_one(Job, over).state == JobState.DONE
        assert db.session.query(Message).filter(Message.job_id.in_(under_way)).count() == 0
        db.engine.dispose()
    assert done["closed_jobs"] >= 3


def test_tables_of_an_older_version_are_brought_up_to_date(tmp_path, folder, put_back, capsys):
    old = tmp_path / "old"
    before = create_app(INSTANCE=old, TESTING=True)
    with before.app_context():
        take_steps_to("0002")
        db.engine.dispose()
    assert main(["--instance", str(old), "backup-site", str(folder)]) == 0
    capsys.readouterr()

    code, _ = put_back()

    with create_app(INSTANCE=tmp_path / "new", TESTING=True).app_context():
        assert (code, migrate.is_current()) == (0, True)
        db.engine.dispose()


def test_a_copy_of_a_newer_version_is_refused_before_anything_is_made(
    school, copy, put_back, folder, tmp_path
):
    copy()
    manifest = json.loads((folder / "site.json").read_text())
    (folder / "site.json").write_text(json.dumps(manifest | {"revision": "9999"}))

    code, errors = put_back()

    assert (code, errors) == (1, "This copy was made by a newer Coursekeep. Install that one first.\n")
    assert not (tmp_path / "new").exists()


def test_a_school_is_put_back_into_an_empty_folder_only(school, copy, put_back, instance):
    copy()
    before = stored_in(instance)

    code, errors = put_back(into=instance)

    assert code == 1
    assert "is not empty" in errors
    assert stored_in(instance) == before


def test_a_folder_without_a_copy_is_refused(folder, put_back, tmp_path):
    code, errors = put_back()

    assert (code, errors) == (1, f"There is no whole copy of a school in {folder}.\n")
    assert not (tmp_path / "new").exists()


def test_a_damaged_copy_of_the_database_is_refused(school, copy, put_back, folder, tmp_path):
    copy()
    manifest = json.loads((folder / "site.json").read_text())
    path = Storage(folder / "files").path(manifest["database"]["hash"])
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    code, errors = put_back()

    assert (code, errors) == (1, "The database of the copy is missing or damaged. Use another copy.\n")
    assert not (tmp_path / "new").exists()


def test_what_the_copy_has_lost_is_named_and_the_rest_is_put_back(school, copy, put_back, folder):
    copy()
    content = any_content()
    Storage(folder / "files").path(content).unlink()

    code, done = put_back()

    assert code == 3
    assert done["lost"] == [{"what": "missing", "name": content, "courses": [school.shortname]}]


def test_a_school_that_is_only_half_back_is_opened_by_no_other_command(
    school, copy, put_back, tmp_path, capsys
):
    copy()
    put_back()
    (tmp_path / "new/being-restored").touch()

    code = main(["--instance", str(tmp_path / "new"), "courses"])
    words = capsys.readouterr().err
    again, _ = put_back()

    assert code == 1
    assert words.endswith("that was cut off. Run “coursekeep restore-site” again.\n")
    assert (again, main(["--instance", str(tmp_path / "new"), "courses"])) == (0, 0)


def test_a_folder_with_something_else_in_it_is_left_alone(school, folder, copy):
    folder.mkdir()
    (folder / "thesis.odt").write_bytes(b"years of work")

    code, errors = copy()

    assert code == 1
    assert errors.startswith("Something else lies in")
    assert os.listdir(folder) == ["thesis.odt"]


def test_a_copy_within_the_school_is_refused(school, coursekeep, instance):
    code, _, errors = coursekeep("backup-site", str(instance / "copy"))

    assert (code, errors.startswith("A copy belongs outside of the school’s own folder")) == (1, True)


def test_a_disk_without_room_is_said_before_anything_is_copied(school, copy, folder, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9 - 1000, 1000))

    code, errors = copy()

    assert code == 1
    assert f"The disk of {folder} is too full" in errors
    assert not (folder / "site.json").exists()


def test_without_room_for_the_school_nothing_is_put_back(school, copy, put_back, monkeypatch, tmp_path):
    copy()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9 - 1000, 1000))

    code, errors = put_back()

    assert (code, "is too full" in errors) == (1, True)
    assert not Path(tmp_path, "new/coursekeep.sqlite").exists()


def test_a_damaged_database_is_not_taken_for_a_copy(school, copy, folder, instance):
    copy()
    before = (folder / "site.json").read_bytes()
    db.session.remove()
    db.engine.dispose()
    for companion in instance.glob("coursekeep.sqlite-*"):
        companion.unlink()
    path = instance / "coursekeep.sqlite"
    content = bytearray(path.read_bytes())
    content[8192:60000] = bytes(60000 - 8192)
    path.write_bytes(content)

    code, errors = copy()

    assert code == 1
    assert errors.startswith("The school’s database")
    assert (folder / "site.json").read_bytes() == before


def test_for_people_it_is_a_sentence(school, coursekeep, folder):
    code, out, _ = coursekeep("backup-site", str(folder))

    assert code == 0
    assert out.startswith(f"{folder} holds the school as it was at 20")
