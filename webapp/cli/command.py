"""What all commands share: how they are described, and how they get at an installation."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from webapp import create_app, logs, migrate, places
from webapp.site_backup.restoring import is_unfinished

DONE, FAILED, WARNED = 0, 1, 3

#: The processes that stay.
SERVICES = ("web", "worker")
#: The one that may open an installation that is not whole yet.
RESTORE_SITE = "restore-site"


class Problem(Exception):
    """The command can't do what it was asked. Its text is what the person is told, as it stands."""


class Commands:
    """Collects the commands. Each module adds its own, with what it takes and the function that runs it."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(
            prog="coursekeep", description="Keep a small school’s courses.", allow_abbrev=False
        )
        _take_instance(self.parser, default=None)
        self._commands = self.parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        self, name: str, run: Callable[[argparse.Namespace], int], says: str, *, json: bool = False
    ) -> argparse.ArgumentParser:
        """Add a command; returns its parser, for what else it takes."""
        parser: argparse.ArgumentParser = self._commands.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}.", allow_abbrev=False
        )
        # Given after the command it wins over one before; not given it changes nothing.
        _take_instance(parser, default=argparse.SUPPRESS)
        if json:
            parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.set_defaults(run=run)
        return parser


def _take_instance(parser: argparse.ArgumentParser, *, default: Any) -> None:
    parser.add_argument(
        "--instance", metavar="DIR", default=default,
        help="the folder with the databases and files (else COURSEKEEP_INSTANCE, else ./instance)",
    )  # fmt: skip


def instance_folder(args: argparse.Namespace) -> Path:
    """The installation that the command is about."""
    return Path(args.instance or os.environ.get("COURSEKEEP_INSTANCE") or "instance").resolve()


def application(args: argparse.Namespace, process: str) -> Flask:
    """The application, made ready or not; the log goes to stderr under the name `process`. Raises Problem."""
    # A command says by itself what it did; of the log only what went wrong belongs on its screen.
    logs.set_up(process, logging.INFO if process in SERVICES else logging.WARNING)
    if is_unfinished(instance_folder(args)) and process != RESTORE_SITE:
        raise Problem(
            "A school was being put back here, and that was cut off. Run “coursekeep restore-site” again."
        )
    try:
        return create_app(INSTANCE=instance_folder(args))
    except (OSError, ValueError, sqlite3.Error) as error:
        raise Problem(f"This installation can’t be opened: {error}") from error


def check_there(args: argparse.Namespace) -> None:
    """Raise Problem where there is no installation: opening one would make its folder."""
    folder = instance_folder(args)
    if not (folder / "secret").exists():
        raise Problem(f"There is no Coursekeep in {folder}. Make one with “coursekeep init”.")


def installed(args: argparse.Namespace, process: str) -> Flask:
    """The application on an installation that is there and of this version. Raises Problem."""
    check_there(args)
    app = application(args, process)
    with app.app_context():
        check_database_kept()
        if not migrate.is_current():
            raise Problem(
                "The tables are those of another version. “coursekeep init” brings them up to date."
            )
    return app


def check_database_kept() -> None:
    """Raise Problem where files of a school are, and its database is not; in an application's context."""
    kept = any(places.storage().all()) or any(places.archives().iterdir())
    if kept and migrate.is_empty():
        raise Problem(
            f"The database of this school is gone: its files are in {places.instance()}, but coursekeep.sqlite is "
            "empty or was not there. Put it back, or the whole school from its last copy (restore-site into a new "
            "folder). To begin anew, take another folder."
        )


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Flask]:
    """The same, with its context open: for commands that look something up or change it."""
    app = installed(args, "command")
    with app.app_context():
        yield app


def say_json(value: dict[str, Any]) -> None:
    """Print what a program reads: one object."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def say_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their heads, each column as wide as it has to be."""
    cells = [[_one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _one_line(cell: object) -> str:
    """A course’s name may hold anything; a terminal shall only show it."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(cell))
