"""`coursekeep doctor`: what is wrong here, and what to do about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from webapp.cli.command import (
    DONE,
    FAILED,
    WARNED,
    Commands,
    application,
    check_there,
    instance_folder,
    say_json,
)
from webapp.health.checks import BAD, CHECKS, OK, WARN, Finding, databases

EXIT = {OK: DONE, WARN: WARNED, BAD: FAILED}
MARKS = {OK: "ok  ", WARN: "look", BAD: "BAD "}


def add(commands: Commands) -> None:
    commands.add("doctor", run, "say what is wrong here and what to do", json=True)


def run(args: Namespace) -> int:
    check_there(args)
    findings = {"databases": databases(instance_folder(args))}
    if findings["databases"].state == OK:
        with application(args, "doctor").app_context():
            findings |= {check.__name__: _look(check) for check in CHECKS}
    worst = max((finding.state for finding in findings.values()), key=list(EXIT).index)
    if args.json:
        say_json({"state": worst, "checks": [{"name": name} | vars(one) for name, one in findings.items()]})
    else:
        for name, finding in findings.items():
            print(f"{MARKS[finding.state]}  {name:<10} {finding.says}.")
            if finding.advice:
                print(f"{'':16} {finding.advice}")
    return EXIT[worst]


def _look(check: Callable[[], Finding]) -> Finding:
    """Look at one thing; where that itself fails, the rest is still looked at."""
    try:
        return check()
    except (OSError, SQLAlchemyError) as error:
        return Finding(
            BAD, f"this can’t be looked at: {type(error).__name__}", "See what is wrong above first."
        )
