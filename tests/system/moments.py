"""The moments at which work makes anything lasting, and what can be done to it just before one of them.

Such a moment is a commit, an fsync, and each time a file gets its name or goes.
"""

import io
import os
import signal
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers
from jobs.progress import Run
from tests.system.courses import count
from webapp import create_app, places
from webapp.extensions import db
from webapp.health.reading import read_backups, read_contents
from webapp.models import BinEntry, Course, CourseVersion, utc_now

#: In the module os: what makes something last, or go.
CALLS = ("fsync", "replace", "rename", "link", "unlink")


class Count:
    """Counts moments, and calls `happens` at the one with the number; with the connection, if it is a commit."""

    def __init__(self, number=0, happens=None):
        self.number, self.happens, self.seen = number, happens, 0

    def __call__(self, connection=None):
        self.seen += 1
        if self.seen == self.number:
            self.happens(connection)


class Written:
    """A file, each write to which is told of before it is done."""

    def __init__(self, file, moment):
        self._file, self._moment = file, moment

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        self._file.__enter__()
        return self

    def __exit__(self, *error):
        return self._file.__exit__(*error)

    def write(self, *args):
        self._moment()
        return self._file.write(*args)


def _opening(moment):
    real = io.open

    def call(file, mode="r", *args, **kwargs):
        opened = real(file, mode, *args, **kwargs)
        return Written(opened, moment) if set(mode) & set("wxa+") else opened

    return call


@contextmanager
def counting(moment, *, calls=CALLS, checkpoints=False, writes=False, statements=False):
    """Have `moment`, a Count, hear of each.

    With `checkpoints` also of each piece of work that a job reports, with `writes` of each write to a file, with
    `statements` of each statement to the database.
    """

    def told_of(function):
        def call(*args, **kwargs):
            moment()
            return function(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in calls:
            patch.setattr(os, name, told_of(getattr(os, name)))
        if writes:
            patch.setattr(io, "open", _opening(moment))
        if checkpoints:
            patch.setattr(Run, "advance", told_of(Run.advance))
        heard = [("commit", moment)]
        if statements:
            heard.append(("before_cursor_execute", lambda connection, *_: moment(connection)))
        for name, listener in heard:
            sa.event.listen(db.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in heard:
                sa.event.remove(db.engine, name, listener)


def killed_at(number, instance, deed, **which):
    """Do it in a process that is killed at the moment; false if it has come to its end before."""
    db.session.rollback()
    db.engine.dispose()
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        app = create_app(INSTANCE=instance)
        with (
            app.app_context(),
            counting(Count(number, lambda _connection: os.kill(os.getpid(), signal.SIGKILL)), **which),
        ):
            deed()
    finally:
        os._exit(0)


def what_nobody_owns():
    """What is left without an owner, or is missing or damaged, once the sweep has gone by after some hours."""
    for folder in (places.archives(), places.scratch(), places.storage().folder):
        for path in folder.rglob("*"):
            os.utime(path, (time.time() - 3 * leftovers.HOUR,) * 2)
    long_ago = utc_now() - timedelta(seconds=3 * leftovers.HOUR)
    db.session.execute(sa.update(CourseVersion).values(created_at=long_ago))
    db.session.commit()
    leftovers.clear()
    leftovers.clear_contents()
    used = sa.union(
        sa.select(Course.version_id), sa.select(BinEntry.version_id), sa.select(BinEntry.origin_id)
    )
    versions = count(CourseVersion, CourseVersion.id.not_in(used), CourseVersion.keep_until.is_(None))
    found = [*read_contents(lambda *_: None), *read_backups(lambda *_: None)]
    return versions, list(places.scratch().iterdir()), found


def picture():
    """What all courses hold now, as something that can be compared."""
    now = sa.select(Course.version_id)
    db.session.rollback()
    seen = []
    for table in db.metadata.sorted_tables:
        if table.name == "course":
            rows = sa.select(table)
        elif table.name == "record":
            documents = db.metadata.tables["document"]
            inside = sa.select(documents.c.id).where(documents.c.version_id.in_(now))
            rows = sa.select(*[one for one in table.c if one.name != "version_id"]).where(
                table.c.document_id.in_(inside)
            )
        elif "version_id" in table.c:
            rows = sa.select(table).where(table.c.version_id.in_(now))
        else:
            continue
        seen.append((table.name, db.session.execute(rows.order_by(table.c.id)).all()))
    db.session.rollback()
    return seen
