"""What `coursekeep restore --dry-run` says of a restore, for people to read."""

from __future__ import annotations

from typing import Any

from jobs.archive.names import shown
from webapp.cli.terminal import counted
from webapp.content.kinds import kind_word
from webapp.pages.formatters import moment


def say_dry_run(found: dict[str, Any]) -> None:
    """Print what `jobs.engine.dry_run` found."""
    for title in ("added", "replaced", "matched", "created"):
        counts = ", ".join(
            f"{count} {kind.replace('_', ' ')}" for kind, count in found[title].items() if count
        )
        print(f"{title.capitalize()}: {counts or 'nothing'}.")
    for change in found["settings"]:
        to = moment(change["to"]) if change["what"] in ("start_date", "end_date") else change["to"]
        print(f"Set: {change['what'].replace('_', ' ')} to “{shown(str(to))}”.")
    _say_dates(found["dates"])
    for kind in found["unknown"]:
        print(f"- Activities of the type {shown(kind)} are kept as they are.")
    for what, names in found["plugins"].items():
        print(f"- Kept as they are, {what.replace('_', ' ')} of plugins: {shown(', '.join(names))}.")
    for sentence in (*found.get("needs", ()), *found["skipped"], *found["damaged"]):
        print(f"- {shown(sentence, 500)}")
    for one in found["questions"]:
        print(
            f"- “{shown(one['username'])}” has the address {shown(one['address'])} in the file and "
            f"{shown(one['other_address'])} here. They stay apart; --same {shown(one['username'])} makes them one."
        )
    if found["again"]:
        print("It was added to this course before. --again adds it once more.")


def _say_dates(dates: dict[str, Any]) -> None:
    if not dates["new_start"]:
        return
    by = counted(abs(dates["offset_days"]), "day") + (" back" if dates["offset_days"] < 0 else "")
    print(f"Dates: {counted(dates['count'], 'date')} moved by {by}.")
    for one in dates["examples"]:
        what = f"{kind_word(one['type'])} “{shown(one['title'])}”: {one['what']}"
        print(f"- {what} {moment(one['from'])} → {moment(one['to'])}")
    for kind in dates["fixed"]:
        print(f"- Dates within activities of the type {shown(kind)} stay: nobody here knows where they are.")
