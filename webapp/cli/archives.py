"""`coursekeep inspect` and `coursekeep verify`: what is in a backup file, and whether it is sound.

They need no installation: the file alone is read.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from jobs.archive.survey import Survey, survey
from jobs.language.sizes import size
from jobs.problems import ArchiveProblem
from webapp.cli.archive_report import say_report
from webapp.cli.command import DONE, FAILED, WARNED, Commands, Problem, say_json
from webapp.cli.terminal import counted


def add(commands: Commands) -> None:
    inspect = commands.add("inspect", show_contents, "say what is in a backup file", json=True)
    inspect.add_argument("file", metavar="FILE.mbz")
    inspect.add_argument("--people", action="store_true", help="also name the people who are in it")
    verify = commands.add("verify", check, "read all of a backup file and name each damage", json=True)
    verify.add_argument("file", metavar="FILE.mbz")


def show_contents(args: Namespace) -> int:
    found = _survey(args, names=args.people)
    if found is None:
        return FAILED
    if args.json:
        say_json(found.to_json())
        return DONE if found.is_sound else WARNED
    print(f"{found.name}: a {found.kind} from Moodle {found.moodle_release}, {size(found.size)}")
    for section in found.sections:
        print(f"\n{section.title}")
        for activity in section.activities:
            print(f"  {activity.id:>6} {activity.type:<12} {activity.title}")
    people = counted(found.counts.people, "person", "people") if found.with_people else "no people"
    print(f"\n{counted(found.counts.files, 'file')}, {size(found.counts.bytes)}; {people}")
    say_report(found)
    _say_problems(found)
    return DONE if found.is_sound else WARNED


def check(args: Namespace) -> int:
    """Exit 0 if everything is as the backup was made, 3 if something is damaged, 1 if it can't be read."""
    found = _survey(args)
    if found is None:
        return FAILED
    if args.json:
        say_json({"file": args.file, "sound": found.is_sound} | _problems_json(found))
    elif found.is_sound:
        print(
            f"Sound: {counted(found.counts.files, 'file')}, {size(found.size)}, everything read and compared."
        )
        _say_problems(found)
    else:
        _say_problems(found)
    return DONE if found.is_sound else WARNED


def _survey(args: Namespace, *, names: bool = False) -> Survey | None:
    path = Path(args.file)
    if not path.is_file():
        raise Problem(f"There is no file {path}.")
    try:
        return survey(path, names=names)
    except ArchiveProblem as problem:
        if not args.json:
            raise
        print(json.dumps({"file": args.file, "sound": False, "problem": str(problem), "entry": problem.entry,
                          "limit": problem.limit}, indent=2, ensure_ascii=False))  # fmt: skip
        return None


def _problems_json(found: Survey) -> dict[str, object]:
    return {key: value for key, value in found.to_json().items() if key in ("problems", "damage", "notes")}


def _say_problems(found: Survey) -> None:
    for problem in found.problems:
        print(f"- {problem.what}", file=sys.stderr)
    if found.unlisted_problems:
        print(f"- and {found.unlisted_problems} more", file=sys.stderr)
