"""What the processes write down: one line for each thing, for people and programs to read.

A line is a row of `key=value`, with the number of the request or the job it belongs to.
It holds ids, never names, addresses or what somebody typed; what might break a line or
steer a terminal is written as an escape. Of a failure it tells where and of which kind; in
whose words only where these can't be somebody's.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import g, has_request_context
from sqlalchemy.exc import DBAPIError

_job: ContextVar[int | None] = ContextVar("job", default=None)

#: Chatter of libraries that would drown what matters.
QUIET = ("alembic", "huey", "gunicorn.error", "sqlalchemy")
#: What speaks of the code and of the machine. Others may quote what somebody typed, or what a document says.
SPEAKING = (ArithmeticError, AssertionError, AttributeError, DBAPIError, ImportError, MemoryError, NameError, OSError,
            RecursionError, TypeError)  # fmt: skip


def set_up(process: str, level: int = logging.INFO) -> None:
    """Write the log of this process to stderr; `process` is what it calls itself ("web", "worker")."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


@contextmanager
def about_job(job_id: int) -> Iterator[None]:
    """Put the job's number on every line that is written inside."""
    before = _job.set(job_id)
    try:
        yield
    finally:
        _job.reset(before)


def request_number() -> str:
    """The number of the request that is being answered; what a person may quote to an admin."""
    if "request_number" not in g:
        g.request_number = secrets.token_hex(4)
    return str(g.request_number)


class LineFormatter(logging.Formatter):
    """One line for each record, whatever is in it."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        parts = {"at": at, "level": record.levelname.lower()}
        parts |= {"process": self.process, "where": record.name}
        if has_request_context():
            parts["request"] = request_number()
        if (job_id := _job.get()) is not None:
            parts["job"] = str(job_id)
        parts["says"] = record.getMessage()
        if record.exc_info:
            parts["trace"] = self.formatException(record.exc_info)
        return " ".join(f"{key}={_quoted(value)}" for key, value in parts.items())

    def formatException(self, ei: Any) -> str:
        told = traceback.TracebackException(*ei)
        _leave_words_out(told, ei[1])
        return "".join(told.format()).rstrip("\n")


def _leave_words_out(told: traceback.TracebackException, error: BaseException | None) -> None:
    """Take from a failure, and from those that led to it, the words that may be somebody's."""
    if error is None:
        return
    if not isinstance(error, SPEAKING):
        told._str = "(what it says is left out)"  # type: ignore[attr-defined]
    for part, cause in ((told.__cause__, error.__cause__), (told.__context__, error.__context__)):
        if part is not None:
            _leave_words_out(part, cause)


def _quoted(value: str) -> str:
    if value and all(sign.isalnum() or sign in "-_.:/" for sign in value):
        return value
    safe = "".join(sign if sign.isprintable() and sign not in '"\\' else _escaped(sign) for sign in value)
    return f'"{safe}"'


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in '"\\' else sign.encode("unicode_escape").decode("ascii")
