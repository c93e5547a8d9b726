"""The command line: `coursekeep COMMAND …` (docs/cli.md).

Each command is a module of this package that has `add(commands)`; the list below is
all that knows them.
"""

from __future__ import annotations

import importlib
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from jobs.failures import cause_of
from jobs.problems import JobProblem
from webapp.cli.command import Commands, Problem

#: The modules with commands, in the order of `coursekeep --help`.
MODULES = (
    "serve",
    "web",
    "worker",
    "init",
    "doctor",
    "user",
    "settings",
    "courses",
    "show",
    "archives",
    "compare",
    "restore",
    "undo",
    "bin",
    "backup",
    "copy",
    "importing",
    "automated",
    "jobs",
    "site",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 3 done with warnings, 1 failed, 2 not understood."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (Problem, JobProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever was reading (`| head`) has seen enough. Python would complain at its end.
        sys.stderr.close()
        return 128 + signal.SIGPIPE
    except (DBAPIError, OSError) as error:
        words = cause_of(error)
        if words is None:
            raise
        print(words, file=sys.stderr)
        return 1


def parser() -> ArgumentParser:
    """What the command line understands."""
    commands = Commands()
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}").add(commands)
    return commands.parser
