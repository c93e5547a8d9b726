"""Writes the page: a table with a row for each archive, and below it every difference with what explains it."""

from collections import Counter

from tests.conformance.trying import WAYS
from webapp.cli.terminal import counted

HEAD = """# What is kept of real archives

Each archive is opened, listed and verified; restored into a new course; backed up again, with its people, without
them, and with all of them anonymised; and each backup is read back and compared with the archive, element by element,
text by text and byte by byte (`coursekeep compare`, [the command line](cli.md)). “Nothing lost” means just that;
without people, nothing but what is theirs. A backup of a section or an activity becomes a course of its own, and is
taken from it again. This page is written by

```
make conformance DIR=folder-with-archives
```

"""
TOLD = 20


def page(trials):
    """The whole page, in Markdown."""
    complete = sum(trial.is_complete for trial in trials)
    says = f"{complete} of {counted(len(trials), 'archive')} came through whole, but for what was damaged in them.\n\n"
    columns = ["archive", "Moodle", "open and list", "verify", "restore", "write and reopen", *WAYS]
    rows = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *map(_row, trials)]
    return HEAD + says + "\n".join(rows) + "\n" + "".join(map(_explained, trials))


def _row(trial):
    found = trial.found
    if found is None:
        return f"| `{trial.name}` | | refused: {trial.problem} |" + " |" * (len(WAYS) + 3)
    activities = sum(found.counts.activities.values())
    listed = f"{found.kind}: {counted(activities, 'activity', 'activities')}, {counted(found.counts.files, 'file')}"
    listed += f", {counted(found.counts.people, 'person', 'people')}" if found.with_people else ""
    verified = "sound" if found.is_sound else f"{counted(found.damage, 'thing')} damaged"
    restored = "done" if trial.restored else f"failed: {trial.problem}"
    cells = [f"`{trial.name}`", found.release, listed, verified, restored, _reopened(trial)]
    return f"| {' | '.join([*cells, *(_compared(trial.written.get(way)) for way in WAYS)])} |"


def _reopened(trial):
    problems = [one.problem for one in trial.written.values() if one.problem]
    if not trial.written:
        return ""
    return f"failed: {problems[0]}" if problems else "done"


def _compared(written):
    if written is None:
        return "—"
    if written.compared is None:
        return ""
    differences = len(written.compared.differences) + written.compared.more
    if not differences:
        return "nothing lost"
    open_ones = written.compared.unexplained
    told = f"{counted(differences - open_ones, 'difference')} explained"
    return f"{told}, **{open_ones} not**" if open_ones else told


def _explained(trial):
    """The damage of an archive and every difference, each with its reason."""
    damage = trial.found.damages if trial.found else []
    lines = [f"- In the archive: {one}" for one in damage[:TOLD]]
    for way, written in trial.written.items():
        differences = written.compared.differences if written.compared else []
        told = Counter((one.what, _place(one), one.explained or "**not explained**") for one in differences)
        lines += [
            f"- {way}: {place} {what}{f', {number} times' if number > 1 else ''}: {why}"
            for (what, place, why), number in list(told.items())[:TOLD]
        ]
    return f"\n## {trial.name}\n\n" + "\n".join(lines) + "\n" if lines else ""


def _place(difference):
    return f"`{difference.entry} {difference.place}`".replace(" `", "`")
