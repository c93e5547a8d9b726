"""All that is looked at, in one report: each finding with what it is about, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.health.checks import AT_WORK, CHECKS, Check
from webapp.health.database_files import databases
from webapp.health.finding import BAD, OK, WARN, Finding

#: From the best to the worst.
STATES = (OK, WARN, BAD)
#: Seconds for which a page looks into each database; a command looks through all of it.
GLANCE = 0.01

#: What each check is called on a page, and why it matters.
TOPICS: dict[str, tuple[str, str]] = {
    "databases": (
        _l("Databases"),
        _l("All that people do here is in them. Damage spreads with each day that it is not seen."),
    ),
    "tables": (
        _l("Tables"),
        _l("A program that meets tables of another version can lose what is in them."),
    ),
    "folders": (
        _l("Folders"),
        _l("Backups and files of courses are written there, and hold what pupils have done."),
    ),
    "disk": (
        _l("Disk"),
        _l("On a full disk no backup, restore or upload gets to its end, and nothing more can be saved."),
    ),
    "room": (
        _l("Room for backups"),
        _l("Once backups take all that they may, no new one is made and no file is taken."),
    ),
    "accounts": (
        _l("Accounts"),
        _l("Without an account nobody can sign in."),
    ),
    "worker": (
        _l("Worker"),
        _l("It does the work in the background, and sends mails. Without one both wait."),
    ),
    "paused": (
        _l("Pause"),
        _l("While all jobs are paused, nobody’s backup or restore begins, nor does an automatic one."),
    ),
    "line": (
        _l("Jobs in line"),
        _l("People wait for what they asked for, and automatic backups let them go first."),
    ),
    "orphans": (
        _l("Running jobs"),
        _l("A job whose process is gone gets nowhere until it is taken back."),
    ),
    "automated": (
        _l("Automatic backups"),
        _l("They are what a course comes back from when nobody has thought of a backup."),
    ),
    "leftovers": (
        _l("Leftovers"),
        _l("What a crash leaves behind takes room on the disk until it is cleared away."),
    ),
    "mail": (
        _l("Mail"),
        _l("Without it nobody hears outside this site that a job has failed, and no password can be reset."),
    ),
    "address": (
        _l("Address"),
        _l("Passwords and pupils’ work can be read on the way where people do not come by https."),
    ),
}


@dataclass(frozen=True)
class Entry:
    """One thing that was looked at, by the name of its check."""

    name: str
    finding: Finding

    @property
    def title(self) -> str:
        return TOPICS[self.name][0]

    @property
    def why(self) -> str:
        return TOPICS[self.name][1]


@dataclass(frozen=True)
class Report:
    entries: list[Entry]

    @property
    def worst(self) -> str:
        return max((entry.finding.state for entry in self.entries), key=STATES.index, default=OK)

    @property
    def troubles(self) -> list[Entry]:
        """What needs somebody, the worst first."""
        wrong = [entry for entry in self.entries if entry.finding.state != OK]
        return sorted(wrong, key=lambda entry: -STATES.index(entry.finding.state))

    @property
    def sound(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.finding.state == OK]

    @property
    def headline(self) -> str:
        """How it stands, in a sentence."""
        bad = sum(entry.finding.state == BAD for entry in self.entries)
        if bad:
            return ngettext("%(num)s thing has to be mended.", "%(num)s things have to be mended.", bad)
        look = len(self.troubles)
        return (
            ngettext("%(num)s thing needs a look.", "%(num)s things need a look.", look)
            if look
            else _("All is well.")
        )


def examine(instance: Path, *, seconds: float | None = None) -> Report:
    """Look at everything; into the databases for so many seconds each, or else through all of them.

    With a damaged database nothing else is looked at. Needs the application's context.
    """
    first = Entry("databases", databases(instance, seconds))
    return Report([first, *look_at(CHECKS)] if first.finding.state == OK else [first])


def troubles_at_work() -> Report:
    """What goes wrong while the site is in use, quickly enough for a page that people open all day."""
    return Report(look_at(AT_WORK))


def look_at(checks: Iterable[Check]) -> list[Entry]:
    return [Entry(check.__name__, look(check)) for check in checks]


def look(check: Callable[[], Finding]) -> Finding:
    """Look at one thing; where that itself fails, the rest is still looked at."""
    try:
        return check()
    except (OSError, SQLAlchemyError) as error:
        return Finding(
            BAD,
            _("this can’t be looked at: %(error)s", error=type(error).__name__),
            _("See what is wrong above first."),
        )
