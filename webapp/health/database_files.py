"""Whether the databases are there and sound: a look into the files themselves."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.health.finding import BAD, OK, Finding

#: The databases, and what to do where one is damaged.
DAMAGED = {
    "coursekeep.sqlite": _l("Stop everything, and put back the last copy of the school (restore-site)."),
    "queue.sqlite": _l(
        "A worker makes a new one within seconds, and nothing is lost with it: is one running?"
    ),
}


def databases(instance: Path, seconds: float | None = None) -> Finding:
    """Look into the files themselves: with a damaged one there is no application to ask.

    With `seconds` for no longer than that into each; what was not seen by then is taken to be sound.
    """
    is_whole = True
    for name, advice in DAMAGED.items():
        if not (instance / name).exists():
            return Finding(BAD, _("%(name)s is not there", name=name), advice)
        has_tables = True
        try:
            with closing(sqlite3.connect(f"{(instance / name).as_uri()}?mode=ro", uri=True)) as connection:
                connection.set_progress_handler(_over_after(seconds), 1000)
                has_tables = connection.execute("select 1 from sqlite_master limit 1").fetchone() is not None
                answer = connection.execute("pragma quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            is_whole, answer = _was_stopped(error, is_whole)
        if not has_tables:
            return Finding(BAD, _("%(name)s is empty", name=name), advice)
        if answer != "ok":
            return Finding(BAD, _("%(name)s is damaged: %(answer)s", name=name, answer=answer), advice)
    if not is_whole:
        return Finding(OK, _("both databases answer; “coursekeep doctor” reads all of them as well"))
    return Finding(OK, _("both databases answer and are sound"))


def _over_after(seconds: float | None) -> Callable[[], bool]:
    """Asks whether so many seconds have gone by since now."""
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    return lambda: time.monotonic() > end


def _was_stopped(error: sqlite3.Error, is_whole: bool) -> tuple[bool, str]:
    """Whether all has been looked at so far, and what the database answers; being stopped in time is no damage."""
    stopped = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return (False, "ok") if stopped else (is_whole, str(error))
