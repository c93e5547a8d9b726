"""What tells whether all is well: a function for each thing, in an application’s context."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from jobs import pause, presence, stray
from jobs.automated import runs
from jobs.language import gettext as _, ngettext
from jobs.language.sizes import size
from jobs.recovery import is_gone
from webapp import migrate, places
from webapp.access.permissions import nobody_yet
from webapp.extensions import db
from webapp.health.finding import BAD, OK, WARN, Finding
from webapp.job_requests.quotas import quota_of_site
from webapp.models import (
    ArchiveFile,
    AutomatedItem,
    AutomatedRun,
    ItemState,
    Job,
    JobState,
    get_setting,
    the_schedule,
    utc_now,
)
from webapp.pages.formatters import duration, moment

Check = Callable[[], Finding]

#: Free bytes under which an admin should look, and under which backups will fail.
LITTLE_ROOM, NO_ROOM = 2_000_000_000, 200_000_000
#: A job that waits for so long waits for something else than its turn.
LONG_WAIT = timedelta(minutes=10)
#: Bytes that jobs may leave behind before somebody should look.
MUCH_LEFT_OVER = 1_000_000_000


def tables() -> Finding:
    if migrate.is_current():
        return Finding(OK, _("the tables are those of this version"))
    return Finding(BAD, _("the tables are those of another version"), _("Run “coursekeep init”."))


def folders() -> Finding:
    ours = (places.instance(), places.storage().incoming, places.archives(), places.scratch(), places.locks())
    for folder in (*ours, places.mail_folder()):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return Finding(
                BAD,
                _("%(folder)s can’t be written to", folder=folder),
                _("Give it to the user that runs Coursekeep."),
            )
    if places.instance().stat().st_mode & 0o077:
        return Finding(
            WARN,
            _("other users of this machine can look into the folder"),
            _("Run: chmod 700 %(folder)s", folder=places.instance()),
        )
    return Finding(OK, _("all folders can be written to, by us alone"))


def disk() -> Finding:
    free = shutil.disk_usage(places.instance()).free
    # What admins want to stay free is as good as taken.
    left = free - int(get_setting("spare_mb")) * 1_000_000
    advice = _("Delete old backups, or give the folder a larger disk.")
    if left < NO_ROOM:
        return Finding(BAD, _("%(free)s are free: backups and restores will fail", free=size(free)), advice)
    return Finding(
        WARN if left < LITTLE_ROOM else OK,
        _("%(free)s are free", free=size(free)),
        advice if left < LITTLE_ROOM else "",
    )


def room() -> Finding:
    """Whether stored backups come near to what they may take together."""
    quota = quota_of_site(db.session())
    if not quota.allowed:
        return Finding(
            OK, _("stored backups take %(used)s; there is no limit but the disk", used=size(quota.used))
        )
    says = _(
        "stored backups take %(used)s of %(allowed)s", used=size(quota.used), allowed=size(quota.allowed)
    )
    if not quota.is_nearly_full:
        return Finding(OK, says)
    return Finding(WARN, says, _("Delete old backups, or allow more under Settings, Limits."))


def worker() -> Finding:
    living = presence.living_workers(places.locks())
    if living:
        return Finding(
            OK,
            ngettext(
                "%(num)s process can carry out jobs", "%(num)s processes can carry out jobs", len(living)
            ),
        )
    needed = get_setting("async_jobs")
    says = _("no worker runs: jobs wait") if needed else _("no worker runs: mails and automatic backups wait")
    return Finding(BAD if needed else WARN, says, _("Start “coursekeep serve”, or “coursekeep worker”."))


def line() -> Finding:
    due = Job.not_before.is_(None) | (Job.not_before <= utc_now())
    waiting = sa.select(sa.func.count(), sa.func.min(Job.id)).where(Job.state == JobState.QUEUED, due)
    number, oldest = db.session.execute(waiting).one()
    if not number:
        return Finding(OK, _("no job waits"))
    waited = utc_now() - db.session.get_one(Job, oldest).queued_at
    says = ngettext(
        "%(num)s job in line, the first for %(waited)s",
        "%(num)s jobs in line, the first for %(waited)s",
        number,
        waited=duration(waited.total_seconds()),
    )
    if waited < LONG_WAIT:
        return Finding(OK, says)
    return Finding(WARN, says, _("See what runs with “coursekeep jobs”; look at the worker’s log."))


def paused() -> Finding:
    if since := pause.paused_at():
        return Finding(
            WARN, _("all jobs are paused, %(since)s", since=moment(since)),
            _("Let work go on under Jobs, or with “coursekeep jobs resume”."),
        )  # fmt: skip
    return Finding(OK, _("jobs are not paused"))


def leftovers() -> Finding:
    found = stray.amount()
    says = ngettext(
        "%(num)s file or folder, %(size)s, of jobs that are over",
        "%(num)s files and folders, %(size)s, of jobs that are over",
        found.count,
        size=size(found.size),
    )
    if found.size < MUCH_LEFT_OVER:
        return Finding(OK, says if found.count else _("nothing is left over from jobs"))
    return Finding(
        WARN, says, _("A worker clears them away within a minute, and so does the button on the page Health.")
    )


def orphans() -> Finding:
    running = db.session.scalars(sa.select(Job).where(Job.state == JobState.RUNNING))
    lost = [job.id for job in running if is_gone(job.runner, job.heard_at)]
    if not lost:
        return Finding(OK, _("every running job has its process"))
    names = ", ".join(str(number) for number in lost)
    return Finding(
        WARN,
        _("jobs without a process: %(names)s", names=names),
        _("A worker takes them back within seconds: is one running?"),
    )


def automated() -> Finding:
    """Whether rounds of automatic backups begin when they are due, and whether stored backups are sound."""
    damaged = sa.select(sa.func.count()).select_from(ArchiveFile).where(ArchiveFile.damage != "")
    if number := db.session.scalars(damaged).one():
        return Finding(
            BAD,
            ngettext("%(num)s stored backup damaged", "%(num)s stored backups damaged", number),
            _("See Settings, Automatic backups, in the browser."),
        )
    schedule = the_schedule()
    if not schedule.active:
        return Finding(OK, _("automatic backups are off; no stored backup is damaged"))
    missed = runs.due_moment(db.session(), utc_now() - LONG_WAIT)
    if missed:
        since = duration((utc_now() - missed).total_seconds())
        return Finding(
            WARN,
            _("a round of automatic backups has been due for %(since)s", since=since),
            _("Is a worker running?"),
        )
    failed = _failed_last()
    if failed:
        return Finding(
            WARN, ngettext(
                "the last round of automatic backups failed for %(num)s course",
                "the last round of automatic backups failed for %(num)s courses",
                failed,
            ),
            _("See why with “coursekeep automated show --json”."),
        )  # fmt: skip
    return Finding(OK, _("automatic backups are made as they are due; no stored backup is damaged"))


def _failed_last() -> int:
    """Courses whose backup failed in the newest round that is over."""
    over = sa.select(sa.func.max(AutomatedRun.id)).where(AutomatedRun.finished_at.is_not(None))
    failed = sa.select(sa.func.count()).select_from(AutomatedItem).where(
        AutomatedItem.run_id == over.scalar_subquery(), AutomatedItem.state == ItemState.FAILED
    )  # fmt: skip
    return db.session.scalars(failed).one()


def mail() -> Finding:
    server = current_app.config["MAIL_SERVER"]
    if server:
        return Finding(OK, _("mails go to %(server)s", server=server))
    advice = _("Set MAIL_SERVER in config.toml (docs/operating.md).")
    return Finding(WARN, _("no mail server is set: mails stay in a folder that admins can read here"), advice)


def address() -> Finding:
    url = current_app.config["BASE_URL"]
    if urlsplit(url).scheme == "https":
        return Finding(OK, _("people come by %(url)s", url=url))
    advice = _("Put a proxy with https in front and set BASE_URL (docs/operating.md).")
    return Finding(WARN, _("people come by %(url)s, which can be listened to on the way", url=url), advice)


def accounts() -> Finding:
    if nobody_yet():
        return Finding(
            BAD, _("nobody has an account"), _("Run “coursekeep user add NAME --email … --role admin”.")
        )
    return Finding(OK, _("there are accounts"))


#: In the order they are shown. The first that fails often explains the next.
CHECKS: tuple[Check, ...] = (
    tables, folders, disk, room, accounts, worker, paused, line, orphans, automated, leftovers, mail, address,
)  # fmt: skip
#: What may go wrong any day, while the others are a matter of setting up. Each is quick.
AT_WORK: tuple[Check, ...] = (folders, disk, room, worker, paused, line, orphans, automated)
