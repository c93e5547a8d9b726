"""A course of one gigabyte, uploaded, restored, backed up and downloaded: memory stays flat."""

import gzip
import hashlib
import random
import tarfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from tests.archives import add_to_tar, small_course
from tests.course_documents import StoredFile, document, file_row, node
from tests.factories import make_teacher
from tests.pages import form_data, parse
from tests.serving import served
from tests.system.caller import Caller
from tests.system.courses import MB, now
from tests.system.processes import wait_until
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import ArchiveFile, Job, JobState, set_setting

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

FILES, FILE_SIZE = 2000, 512 * 1024
MOST = 150 * MB
#: Seconds for one part of the way.
PATIENCE = 300


@dataclass(frozen=True)
class RandomFile(StoredFile):
    """A file whose bytes are made when they are asked for, the same each time. Begins empty."""

    @property
    def bytes(self):
        return random.Random(self.id).randbytes(FILE_SIZE)

    @cached_property
    def sha1(self):
        return hashlib.sha1(self.bytes).hexdigest()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The course as a file, which goes again at the end."""
    path = tmp_path_factory.mktemp("large") / "large.mbz"
    files = [RandomFile(1000 + number, f"film {number}.bin", b"", 72, "mod_page") for number in range(FILES)]
    rows = document(node("files", [file_row(one) for one in files]))
    members = small_course(files=[]) | {
        "files.xml": rows.replace(b"<filesize>0<", b"<filesize>%d<" % FILE_SIZE)
    }
    with gzip.open(path, "wb", compresslevel=1) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for name, content in members.items():
            add_to_tar(tar, name, content)
        for one in files:
            add_to_tar(tar, one.entry, one.bytes)
    yield path
    path.unlink()


class Watch:
    """Keeps the peak of each process's memory, and the time, for each part of the way."""

    def __init__(self, school):
        web = school.child("web")
        self.processes = {"web": [web, *web.children()], "worker": [school.child("worker")]}
        self.rows = []

    @contextmanager
    def part(self, name, size):
        for process in self._all():
            Path(f"/proc/{process.pid}/clear_refs").write_text("5")
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        peaks = {half: max(map(peak_of, processes)) for half, processes in self.processes.items()}
        self.rows.append((name, peaks["web"], peaks["worker"], seconds, size / MB / seconds))

    def _all(self):
        return [process for processes in self.processes.values() for process in processes]

    def table(self):
        head = f"{'':<12}{'web MB':>8}{'worker MB':>11}{'seconds':>9}{'MB/s':>7}"
        rows = (
            f"{name:<12}{web / MB:>8.0f}{worker / MB:>11.0f}{seconds:>9.1f}{pace:>7.0f}"
            for name, web, worker, seconds, pace in self.rows
        )
        return "\n".join([head, *rows])


def peak_of(process: psutil.Process):
    """The most memory that the process held at a time since its peak was reset."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    (peak,) = [line for line in lines if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024


@pytest.fixture
def teacher(app):
    return make_teacher(wants_mail=False)


@pytest.fixture
def school(instance, teacher):
    with served(instance, "--no-sample") as school:
        yield school


@pytest.fixture
def watch(school):
    watch = Watch(school)
    yield watch
    print(f"\n{watch.table()}")


@pytest.fixture
def caller(app, school, teacher):
    return Caller.of(app, school.url, teacher)


def switch(on):
    with write_transaction():
        set_setting("async_jobs", on, by=None)


def restore_and_back_up(caller, watch, job, size):
    """The way from a file that has been read to the download of the course's new backup."""
    review = parse(caller.get(f"/restores/{job.id}").text).find("form", class_="review")
    with watch.part("restore", size):
        send(caller, review["action"], form_data(review, people="yes"))
        until(job.id, JobState.DONE)
    course = now(job.id).result["course_id"]
    form = parse(caller.get(f"/courses/{course}/backups/new").text).main.find("form", method="post")
    with watch.part("back up", size):
        send(caller, form["action"], form_data(form))
        until(newest_job().id, JobState.DONE)
    made = db.session.get(ArchiveFile, newest_job().result["archive_id"])
    with watch.part("download", made.size):
        assert download(caller, f"/archives/{made.id}/download") == made.size


def test_a_gigabyte_takes_little_memory_in_the_background(caller, watch, archive):
    switch(True)
    size = archive.stat().st_size

    with watch.part("upload", size), archive.open("rb") as body:
        taken = caller.post("/restore/raw", body, **{"Content-Length": str(size)})
    job = newest_job()
    with watch.part("read", size):
        until(job.id, JobState.WAITING)
    restore_and_back_up(caller, watch, job, size)

    assert taken.status == 200
    assert [row for row in watch.rows if max(row[1:3]) > MOST] == []


def test_a_gigabyte_takes_little_memory_in_requests_and_by_a_plain_form(caller, watch, archive):
    switch(False)
    size = archive.stat().st_size

    with watch.part("upload+read", size):
        send(caller, "/restore", *as_a_form_sends(archive))
    restore_and_back_up(caller, watch, newest_job(), size)

    assert [row for row in watch.rows if max(row[1:3]) > MOST] == []


def as_a_form_sends(path):
    """The body of a multipart form with the file, in pieces, and the headers that go with it."""
    begin = b'--half\r\nContent-Disposition: form-data; name="file"; filename="large.mbz"\r\n\r\n'
    end = b"\r\n--half--\r\n"

    def pieces():
        yield begin
        with path.open("rb") as file:
            yield from iter(lambda: file.read(1 << 20), b"")
        yield end

    length = len(begin) + path.stat().st_size + len(end)
    return pieces(), {"Content-Type": "multipart/form-data; boundary=half", "Content-Length": str(length)}


def send(caller, path, body, headers=None):
    """Send a form and read all of the answer, however long it goes on."""
    with closing(caller.connect()) as connection:
        connection.timeout = PATIENCE
        answer, _ = caller.begin(connection, "POST", path, body, **(headers or {}))
        while answer.read(1 << 20):
            pass
    assert answer.status in (200, 303)


def until(job_id, state):
    wait_until(lambda: now(job_id).state not in (JobState.QUEUED, JobState.RUNNING), "it ends", PATIENCE)
    assert now(job_id).state == state, now(job_id).problem


def newest_job():
    db.session.rollback()
    return db.session.scalars(sa.select(Job).where(Job.kind != "mail").order_by(Job.id.desc())).first()


def download(caller, path):
    """Read a file, and forget it; returns how many bytes came."""
    with closing(caller.connect()) as connection:
        answer, _ = caller.begin(connection, "GET", path)
        return sum(iter(lambda: len(answer.read(1 << 20)), 0))
