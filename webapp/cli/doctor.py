"""`coursekeep doctor`: what is wrong here, and what to do about it."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator

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
from webapp.cli.terminal import Bar, end_bar
from webapp.health.checks import CHECKS
from webapp.health.database_files import databases
from webapp.health.finding import BAD, OK, WARN, Finding
from webapp.health.reading import UNOWNED, Tell, Trouble, read_backups, read_contents
from webapp.health.report import STATES, look, look_at

EXIT = {OK: DONE, WARN: WARNED, BAD: FAILED}
MARKS = {OK: "ok  ", WARN: "look", BAD: "BAD "}

#: What --deep reads, and what to do where something of it is lost.
DEEP: dict[str, tuple[Callable[[Tell], Iterator[Trouble]], str]] = {
    "contents": (
        read_contents,
        "A copy made by “coursekeep backup-site” holds each under the same name: copy it from there.",
    ),
    "backups": (read_backups, "Delete what is damaged, and back the courses up again."),
}


def add(commands: Commands) -> None:
    parser = commands.add("doctor", run, "say what is wrong here and what to do", json=True)
    parser.add_argument(
        "--deep", action="store_true", help="also read all that is kept, which takes its time"
    )


def run(args: Namespace) -> int:
    check_there(args)
    findings = {"databases": databases(instance_folder(args))}
    troubles: list[Trouble] = []
    if findings["databases"].state == OK:
        with application(args, "doctor").app_context():
            findings |= {entry.name: entry.finding for entry in look_at(CHECKS)}
            if args.deep:
                findings |= _read_all(troubles)
    worst = max((finding.state for finding in findings.values()), key=STATES.index)
    if args.json:
        checks = [{"name": name} | vars(one) for name, one in findings.items()]
        say_json({"state": worst, "checks": checks, "troubles": [vars(one) for one in troubles]})
    else:
        _say(findings, troubles)
    return EXIT[worst]


def _read_all(troubles: list[Trouble]) -> dict[str, Finding]:
    """Read all that is kept, and add to `troubles` what is wrong with it."""
    findings = {}
    for name, (read, advice) in DEEP.items():
        found: list[Trouble] = []
        findings[name] = look(lambda read=read, found=found, advice=advice: _read(read, found, advice))  # type: ignore[misc]
        troubles += found
    end_bar()
    return findings


def _read(read: Callable[[Tell], Iterator[Trouble]], found: list[Trouble], advice: str) -> Finding:
    found += read(Bar())
    counts = Counter(one.what for one in found)
    if not counts:
        return Finding(OK, "all of it was read, and is sound")
    says = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items()))
    if counts.keys() == {UNOWNED}:
        return Finding(WARN, says, "A worker removes that while no job runs: is one running?")
    return Finding(BAD, says, advice)


def _say(findings: dict[str, Finding], troubles: list[Trouble]) -> None:
    for name, finding in findings.items():
        print(f"{MARKS[finding.state]}  {name:<10} {finding.says}.")
        if finding.advice:
            print(f"{'':16} {finding.advice}")
    for one in troubles:
        courses = f" (of {', '.join(one.courses)})" if one.courses else ""
        print(f"{one.what}: {one.name}{courses}{f': {one.says}' if one.says else ''}")
