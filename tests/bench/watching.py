"""What it costs to watch a backup, to open a course while one runs, and to have one begin."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measuring import measure
from tests.bench.sizes import Size, write_archive
from tests.bench.tables import Row
from tests.pages import form_data, parse
from tests.serving import served
from tests.system.caller import Caller
from tests.system.courses import now
from tests.system.processes import wait_until
from webapp import create_app
from webapp.extensions import db
from webapp.models import Course, User, set_setting

HEAD = ("what", "watchers", "median ms", "99 of 100 ms", "backup s", "× unwatched")
WATCHERS = (1, 50, 200)
#: Seconds between two polls of one watcher, as the page has it for a job that has just begun.
PACE = 1.0
#: Seconds after which a backup is given up.
PATIENCE = 600
STARTS = 10
VISITS = 50


@dataclass
class Times:
    """Seconds that answers took."""

    seconds: list[float] = field(default_factory=list)

    def columns(self) -> tuple[str, str]:
        """The median, and what all but one in a hundred stay under, in milliseconds."""
        ordered = sorted(self.seconds)
        last = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
        return f"{statistics.median(ordered) * 1000:.1f}", f"{last * 1000:.1f}"


@dataclass(frozen=True)
class _School:
    caller: Caller
    course_id: int

    def back_up(self) -> int:
        """Ask for a backup as a browser does; returns the job's id."""
        path = f"/courses/{self.course_id}/backups/new"
        form = parse(self.caller.get(path).text).main.find("form", method="post")
        answer = self.caller.post(path, form_data(form))
        return int(answer.location.rpartition("/")[2])

    def visit(self) -> Times:
        path = f"/courses/{self.course_id}"
        return Times([self.caller.get(path).seconds for _ in range(VISITS)])


def rows(size: Size, folder: Path) -> Iterator[Row]:
    """Serve a course of this size in the background, and ask from outside what a browser would."""
    with _school(size, folder) as school:
        yield ("a backup begins", "", *_begins(school), "", "")
        yield ("open the course, nothing runs", "", *school.visit().columns(), "", "")
        job_id = school.back_up()
        yield ("open the course while it is backed up", "", *school.visit().columns(), "", "")
        unwatched = _seconds_of(job_id) if _ended(job_id) else 0.0
        for count in WATCHERS:
            job_id = school.back_up()
            times = _watch(school, job_id, count)
            seconds = _seconds_of(job_id)
            yield ("poll", f"{count}", *times.columns(), f"{seconds:.1f}", f"{seconds / unwatched:.2f}")


@contextmanager
def _school(size: Size, folder: Path) -> Iterator[_School]:
    archive, instance = folder / "watched.mbz", folder / "watched"
    write_archive(size, archive)
    command = ["webapp.cli", "--instance", str(instance)]
    measure([*command, "init", "--no-sample"])
    measure([*command, "restore", str(archive), "--as", "admin"])
    app = create_app(INSTANCE=instance)
    with served(instance, "--no-sample") as school, app.app_context():
        set_setting("async_jobs", True, by=None)
        db.session.commit()
        admin = db.session.scalars(db.select(User)).one()
        yield _School(Caller.of(app, school.url, admin), db.session.scalars(db.select(Course.id)).one())


def _begins(school: _School) -> tuple[str, str]:
    times = Times()
    for _ in range(STARTS):
        job_id = school.back_up()
        wait_until(lambda job_id=job_id: now(job_id).started_at, "it begins")
        job = now(job_id)
        times.seconds.append((job.started_at - job.created_at).total_seconds())
        school.caller.post(f"/jobs/{job_id}/cancel")
        _ended(job_id)
    return times.columns()


def _ended(job_id: int) -> bool:
    return bool(wait_until(lambda: now(job_id).is_over, "the backup is over", PATIENCE))


def _seconds_of(job_id: int) -> float:
    job = now(job_id)
    return (job.finished_at - job.started_at).total_seconds()


def _watch(school: _School, job_id: int, count: int) -> Times:
    """Have so many people watch the job to its end, each at the page's pace."""
    times, over = Times(), threading.Event()

    def watch(number: int) -> None:
        over.wait(PACE * number / count)
        while not over.is_set():
            times.seconds.append(school.caller.get(f"/jobs/{job_id}/progress").seconds)
            over.wait(PACE)

    with ThreadPoolExecutor(count) as watchers:
        for number in range(count):
            watchers.submit(watch, number)
        try:
            _ended(job_id)
        finally:
            over.set()
    return times
