"""`coursekeep compare`: whether one backup file holds all that another one does. It needs no installation."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from jobs.archive.comparing import Comparison, Difference, compare
from webapp.cli.command import DONE, WARNED, Commands, Problem, say_json
from webapp.cli.terminal import counted

#: So many differences are shown to people.
_SHOWN = 50


def add(commands: Commands) -> None:
    parser = commands.add("compare", run, "say what of one backup file another one does not hold", json=True)
    parser.add_argument("before", metavar="BEFORE.mbz")
    parser.add_argument("after", metavar="AFTER.mbz")


def run(args: Namespace) -> int:
    """Exit 0 if nothing is lost but what is damaged in the first file, 3 if something is, 1 if one can't be read."""
    found = compare(_file(args.before), _file(args.after))
    if args.json:
        say_json({"before": args.before, "after": args.after, "equal": found.is_equal} | found.to_json())
    else:
        _say(found)
    return WARNED if found.unexplained else DONE


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise Problem(f"There is no file {path}.")
    return path


def _say(found: Comparison) -> None:
    for one in found.differences[:_SHOWN]:
        print(f"- {_sentence(one)}")
    total = len(found.differences) + found.more
    if total > _SHOWN:
        print(f"- and {total - _SHOWN} more")
    compared = f"{counted(found.documents, 'document')} and {counted(found.contents, 'content')} compared"
    print(f"{compared}: {counted(total, 'difference') if total else 'nothing is lost'}.")
    if found.left_out:
        print(f"Left out with the people: {counted(found.left_out, 'record')}.")
    if found.disguised:
        print(f"Called otherwise: {counted(found.disguised, 'text')}.")


def _sentence(one: Difference) -> str:
    place = f"{one.entry} {one.place}".strip()
    texts = "".join(
        f" {word} “{text}”" for word, text in (("was", one.before), ("is", one.after)) if text is not None
    )
    return f"{place}: {one.what}{texts}" + (f" ({one.explained})" if one.explained else "")
