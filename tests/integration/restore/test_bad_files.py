"""Files that are no good: what the teacher is told, on the page where they are, and that nothing stays."""

import gzip
import io
import os
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers
from tests.archives import HANDOUT_FILE, PAGE_PICTURE, pack_tgz, pack_zip, small_course
from tests.factories import make_teacher
from tests.pages import parse, text
from tests.running import answer, back_up, read_archive, run
from webapp import places
from webapp.extensions import db
from webapp.models import Activity, ArchiveFile, Course, CourseVersion, Job, JobState, set_setting, utc_now


def changed(name, old, new):
    """The small course with something else in one of its documents."""
    members = small_course()
    assert old in members[name]
    return members | {name: members[name].replace(old, new)}


def without(*names):
    return {name: content for name, content in small_course().items() if name not in names}


def cut_in_half(content):
    return content[: len(content) // 2]


#: What is refused before it is kept: a name, the bytes, and how the sentence begins.
NO_ARCHIVE = {
    "nothing": (b"", "The file is empty: nothing of it arrived."),
    "a text": (b"Dear colleague,\n" * 200, "This is a text file, not a Moodle backup."),
    "a web page": (b"<!DOCTYPE html><html>" + b" " * 3000, "This is a web page, not a backup."),
    "a PDF": (b"%PDF-1.7" + bytes(3000), "This is a PDF, not a Moodle backup."),
    "a bare tar": (
        gzip.decompress(pack_tgz(small_course())),
        "This is a tar archive that is not compressed.",
    ),
    "any bytes": (
        bytes(range(128, 256)) * 30,
        "This is not a Moodle backup: it is neither a tar.gz nor a zip",
    ),
}

#: What shows only when all of it is read.
UNUSABLE = {
    "a Moodle 1.9 backup": (
        pack_zip({"moodle.xml": b"<MOODLE_BACKUP/>", "course_files/a.txt": b"a"}),
        "This is a backup of Moodle 1.9 or older, and this site reads those of Moodle 2.3 and newer.",
    ),
    "a Common Cartridge": (
        pack_zip({"imsmanifest.xml": b"<manifest/>", "pages/a.html": b"a"}),
        "This is an IMS package (a Common Cartridge or SCORM), not a Moodle backup.",
    ),
    "a zip of something else": (
        pack_zip({"photos/harbour.jpg": b"a"}),
        "There is no moodle_backup.xml in this archive, and no part of a course either: it is not a Moodle backup.",
    ),
    "neither a manifest nor a course": (
        pack_tgz({name: small_course()[name] for name in ("files.xml", "users.xml", "questions.xml")}),
        "There is no moodle_backup.xml in this archive, and no part of a course either: it is not a Moodle backup.",
    ),
    "a folder beside other things": (
        pack_zip({f"tides/{name}": content for name, content in small_course().items()} | {"plan.txt": b"a"}),
        "The backup in this archive lies inside a folder, “tides”, with other things beside it.",
    ),
    "cut short": (cut_in_half(pack_tgz(small_course())), "The file is cut short"),
    "a zip cut short": (cut_in_half(pack_zip(small_course())), "The archive is cut short"),
    "a damaged manifest and nothing else": (
        pack_tgz({"moodle_backup.xml": small_course()["moodle_backup.xml"][:900], "files.xml": b"<files/>"}),
        "The moodle_backup.xml in this archive is damaged: it is broken at line",
    ),
    "a manifest with a DOCTYPE": (
        pack_tgz(changed("moodle_backup.xml", b"<moodle_backup>", b"<!DOCTYPE a><moodle_backup>")),
        "The moodle_backup.xml in this archive is damaged: it declares a DOCTYPE, which no backup does.",
    ),
    "too old": (
        pack_tgz(changed("moodle_backup.xml", b"<backup_version>2024100700", b"<backup_version>2009010100")),
        "This backup comes from a Moodle that is too old.",
    ),
    "a name that leads out": (
        pack_tgz(small_course() | {"../../webapp/app.py": b"import os"}),
        "A name in the archive, “../../webapp/app.py”, points outside the archive.",
    ),
    "a name from the root": (
        pack_tgz(small_course() | {"/etc/passwd": b"x"}),
        "A name in the archive, “/etc/passwd”, points",
    ),
    "one name twice": (
        pack_tgz(small_course() | {"Users.xml": b"<users/>"}),
        "The archive holds “Users.xml” twice",
    ),
    "a bomb": (
        pack_tgz(small_course() | {"files/da/" + "da" * 20: bytes(80 << 20)}),
        "The archive unpacks to more than 200 times its size.",
    ),
    "a bomb of elements": (
        pack_tgz(small_course() | {"activities/page_42/page.xml": b"<a>" * 300 + b"</a>" * 300}),
        "“activities/page_42/page.xml” in the archive can’t be read: it nests its elements deeper than 200",
    ),
}


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def by_script(client, teacher):
    """Bring a file as the script does; returns the answer, and the sentence in it if the file is refused at once."""

    def send(content):
        length = {"CONTENT_LENGTH": str(len(content))}
        answer = client.post("/restore/raw", input_stream=io.BytesIO(content), environ_overrides=length)
        return answer, answer.json.get("problem")

    set_setting("async_jobs", True, by=None)
    db.session.commit()
    return send


@pytest.fixture
def by_form(client, teacher):
    """The same with the plain form."""

    def send(content):
        answer = client.post("/restore", data={"file": (io.BytesIO(content), "tides.mbz")})
        return answer, text(parse(answer.text).find(id="upload-problem"))

    return send


def all_that_is_kept_a_day_later():
    """Archives, courses, and what was on its way to be one, once the sweep has come by."""
    yesterday = utc_now() - timedelta(days=1)
    db.session.execute(sa.update(ArchiveFile).values(created_at=yesterday))
    db.session.commit()
    for path in (
        *places.archives().iterdir(),
        *places.scratch().iterdir(),
        *places.storage().incoming.iterdir(),
    ):
        os.utime(path, (time.time() - 86400,) * 2)
    leftovers.clear()
    db.session.rollback()
    rows = [
        row for table in (ArchiveFile, CourseVersion, Course) for row in db.session.scalars(sa.select(table))
    ]
    folders = (places.archives(), places.scratch(), places.storage().incoming)
    return rows + [path for folder in folders for path in folder.iterdir()]


@pytest.mark.parametrize("way", ["by_script", "by_form"])
@pytest.mark.parametrize("name", NO_ARCHIVE)
def test_what_is_no_archive_is_refused_at_once(request, way, app, name):
    content, sentence = NO_ARCHIVE[name]

    refusal, told = request.getfixturevalue(way)(content)

    assert refusal.status_code == 422
    assert told.startswith(sentence)
    assert all_that_is_kept_a_day_later() == []
    assert db.session.query(Job).count() == 0


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_can_not_be_used_is_refused_on_the_page_of_the_job(by_script, page, caplog, name):
    content, sentence = UNUSABLE[name]

    by_script(content)
    job = run(db.session.query(Job).one())
    shown = page(f"/jobs/{job.id}")

    assert job.state == JobState.FAILED
    assert text(shown.main.select_one(".slip h2")) == "This file can’t be restored"
    assert text(shown.main.select_one(".slip p")).startswith(sentence)
    assert "Traceback" not in caplog.text
    assert all_that_is_kept_a_day_later() == []


#: What is wrong with a backup that is restored all the same: the members, and what its pages say.
IMPERFECT = {
    "a file that is missing": (
        without(PAGE_PICTURE.entry),
        "“harbour map.png” in “Read a tide table” is not in the backup.",
    ),
    "a file with other bytes": (
        small_course() | {HANDOUT_FILE.entry: b"?" * len(HANDOUT_FILE.content)},
        "“handout.txt” in “How to fold a chart” is changed:",
    ),
    "a document that is missing": (
        without("activities/page_42/page.xml"),
        "“activities/page_42/page.xml” is missing from the backup: what it held of “Read a tide table” is lost.",
    ),
}
#: Of each kind of document one.
DOCUMENTS = {
    name.rpartition("/")[2]: name
    for name in small_course()
    if name.endswith(".xml") and name != "moodle_backup.xml"
}
IMPERFECT |= {
    f"{name} broken": (
        small_course() | {name: cut_in_half(small_course()[name])},
        f"“{name}” is damaged: it ",
    )
    for name in DOCUMENTS.values()
}


@pytest.mark.parametrize("name", IMPERFECT)
def test_what_is_lost_is_named_before_and_after_and_the_rest_is_restored(teacher, page, name):
    members, sentence = IMPERFECT[name]

    job = read_archive(pack_tgz(members), teacher)
    review = page(f"/restores/{job.id}")
    job = answer(job)
    shown = page(f"/jobs/{job.id}")

    assert sentence in text(review.main)
    assert job.state == JobState.WARNED, job.problem
    assert text(shown.main.select_one(".slip h2")) == "Restored, but not all of it"
    assert sentence in text(shown.main)
    course = db.session.get(Course, job.result["course_id"])
    for path in ("", "/edit", *activity_pages(course)):
        page(f"/courses/{course.id}{path}")
    again, _ = back_up(course, teacher)
    assert again.state in (JobState.DONE, JobState.WARNED), again.problem


def activity_pages(course):
    found = sa.select(Activity.id).where(Activity.version_id == course.version_id)
    return [f"/activities/{number}" for number in db.session.scalars(found)]


def test_a_backup_of_a_moodle_that_is_not_known_yet_is_restored_with_a_note(teacher, page):
    newer = changed("moodle_backup.xml", b"<backup_version>2024100700", b"<backup_version>2031042200")

    job = read_archive(pack_tgz(newer), teacher)
    review = page(f"/restores/{job.id}")
    job = answer(job)

    assert "The backup comes from a newer Moodle than this site knows" in text(review.main)
    assert job.state == JobState.DONE, job.problem
