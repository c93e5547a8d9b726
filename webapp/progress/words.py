"""What is said about a job, in the same words wherever it is shown. All of these are filters."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.language import decimal, gettext as _, ngettext, number as written, pgettext
from jobs.pause import is_paused, paused_at
from jobs.queue import place_in_line, runs_in_background
from webapp.extensions import db
from webapp.job_requests.live import mark_of
from webapp.models import BACKGROUND, Job, JobKind, JobState, User, get_setting, utc_now
from webapp.notices.message_choices import ways_for
from webapp.pages.formatters import beginning, duration, moment, ordinal
from webapp.progress import bp
from webapp.progress.history import bytes_of, seconds_of
from webapp.progress.operations import archive_of, can_begin_again, course_of, seconds_until_free, undo_end

bp.add_app_template_filter(seconds_of, "job_seconds")
bp.add_app_template_filter(bytes_of, "job_bytes")
for _question in (archive_of, can_begin_again, course_of, undo_end):
    bp.add_app_template_filter(_question)

#: Whoever waits this long while nothing runs is told that nobody seems to work.
TOO_LONG = timedelta(seconds=30)


@bp.app_template_filter()
def in_words(number: int) -> str:
    """A small number of jobs as a word: "two"."""
    words = (
        pgettext("jobs", "no"), pgettext("jobs", "one"), pgettext("jobs", "two"), pgettext("jobs", "three"),
        pgettext("jobs", "four"), pgettext("jobs", "five"), pgettext("jobs", "six"), pgettext("jobs", "seven"),
        pgettext("jobs", "eight"), pgettext("jobs", "nine"), pgettext("jobs", "ten"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else written(number)


@bp.app_template_filter()
def job_name(job: Job) -> str:
    """The job as the title of a page: "Backup of Tides and Coasts"."""
    if job.kind == JobKind.CLOSING:
        return job.title
    if "moves" in job.options:
        return _("Move of “%(name)s”", name=job.title)
    thing = job_thing(job)
    names = {
        JobKind.BACKUP: _("Backup of %(thing)s", thing=thing),
        JobKind.RESTORE: _("Restore of %(thing)s", thing=thing),
        JobKind.COPY: _("Copy of %(thing)s", thing=thing),
        JobKind.IMPORT: _("Import from %(thing)s", thing=thing),
        JobKind.AUTOMATED: _("Automatic backup of %(thing)s", thing=thing),
        JobKind.CHECK: _("Check of %(thing)s", thing=job.title),
        JobKind.MAIL: _("Mail of %(thing)s", thing=thing),
    }
    return names[job.kind]


@bp.app_template_filter()
def job_cancel(job: Job) -> str:
    """What cancels it: "Cancel this backup"."""
    deeds = {
        JobKind.BACKUP: _("Cancel this backup"),
        JobKind.RESTORE: _("Cancel this restore"),
        JobKind.COPY: _("Cancel this copy"),
        JobKind.IMPORT: _("Cancel this import"),
        JobKind.AUTOMATED: _("Cancel this backup"),
        JobKind.CLOSING: _("Cancel this end of a round"),
        JobKind.CHECK: _("Cancel this check"),
        JobKind.MAIL: _("Cancel this mail"),
    }
    return deeds[job.kind]


@bp.app_template_filter()
def job_thing(job: Job) -> str:
    """What the job is about, within a sentence: "Tides and Coasts", "the section “Week one”"."""
    if not _is_part(job):
        return job.title
    if job.scope == "section":
        return _("the section “%(name)s”", name=job.title)
    return _("the activity “%(name)s”", name=job.title)


def _is_part(job: Job) -> bool:
    """Whether it takes only a part of its course."""
    return job.kind in (JobKind.BACKUP, JobKind.COPY) and job.scope in ("section", "activity")


@bp.app_template_filter()
def job_doing(job: Job) -> str:
    """What is being done to the thing, which comes next: "Backing up"."""
    if "moves" in job.options:
        return pgettext("something", "Moving")
    if is_reading(job):
        return pgettext("something", "Reading")
    doing = {
        JobKind.BACKUP: pgettext("something", "Backing up"),
        JobKind.RESTORE: pgettext("something", "Restoring"),
        JobKind.COPY: pgettext("something", "Copying"),
        JobKind.IMPORT: pgettext("something", "Importing from"),
        JobKind.AUTOMATED: pgettext("something", "Backing up"),
        JobKind.CLOSING: pgettext("something", "Finishing"),
        JobKind.CHECK: pgettext("something", "Reading again"),
        JobKind.MAIL: pgettext("something", "Sending"),
    }
    return doing[job.kind]


@bp.app_template_filter()
def job_on_course(job: Job) -> str:
    """The job as something that is asked for, on the page of its course: "a backup of this course"."""
    if "moves" in job.options:
        return _("a move of “%(name)s” into this course", name=job.title)
    if _is_part(job) and job.kind == JobKind.BACKUP:
        return _("a backup of %(thing)s in this course", thing=job_thing(job))
    if _is_part(job):
        return _("a copy of %(thing)s in this course", thing=job_thing(job))
    asked = {
        JobKind.BACKUP: _("a backup of this course"),
        JobKind.COPY: _("a copy of this course"),
        JobKind.IMPORT: _("an import into this course"),
    }
    return asked.get(job.kind, _("a restore into this course"))


@bp.app_template_filter()
def job_at_course(job: Job) -> str:
    """The same as something that is being done: "backing up this course"."""
    if "moves" in job.options:
        return _("moving “%(name)s” into this course", name=job.title)
    if _is_part(job) and job.kind == JobKind.BACKUP:
        return _("backing up %(thing)s in this course", thing=job_thing(job))
    if _is_part(job):
        return _("copying %(thing)s in this course", thing=job_thing(job))
    doing = {
        JobKind.BACKUP: _("backing up this course"),
        JobKind.COPY: _("copying this course"),
        JobKind.IMPORT: _("importing into this course"),
    }
    return doing.get(job.kind, _("restoring into this course"))


@bp.app_template_filter()
def is_reading(job: Job) -> bool:
    """Whether it is the first half of a restore, which reads the file and changes nothing."""
    return job.kind == JobKind.RESTORE and "target" not in job.options


@bp.app_template_filter()
def job_step(job: Job) -> str:
    """What it does right now, as a heading."""
    if job.state == JobState.QUEUED:
        return _("In line again, after an interruption") if job.attempts else _("In line")
    return _("Stopping") if job.cancel_asked else job.step or _("Beginning")


@bp.app_template_filter()
def job_line(job: Job) -> str:
    """Where a job that has not begun stands, and when it should begin."""
    if since := paused_at():
        return _(
            "Waiting: an admin has paused all jobs, %(when)s. It keeps its place and begins after that.",
            when=moment(since),
        )
    if not runs_in_background():
        return _("It has not begun yet.")
    place, running = place_in_line(job), seconds_until_free()
    if place == 1 and not running and utc_now() - job.queued_at > TOO_LONG:
        return _("Next in line, but nobody seems to be at work. Tell an admin that no worker is running.")
    begin = _begin_words(place, running)
    if place == 1:
        return _("Next in line. %(begin)s.", begin=begin or _("It starts as soon as a running job is done"))
    before = ngettext(
        "%(number)s other job goes first",
        "%(number)s other jobs go first",
        place - 1,
        number=in_words(place - 1),
    )
    if not begin:
        return f"{place_words(place)}. {beginning(before)}."
    return _("%(place)s. %(begin)s; %(before)s.", place=place_words(place), begin=begin, before=before)


def _begin_words(place: int, running: list[int | None]) -> str:
    if len(running) < place:
        return "" if running else _("It should start in a moment")
    known = sorted(seconds for seconds in running if seconds is not None)
    if len(known) < place:
        return ""
    return _("It should start in about %(time)s", time=duration(known[place - 1]))


@bp.app_template_filter()
def place_words(place: int) -> str:
    """A place in line: "Third in line"."""
    return _("%(place)s in line", place=ordinal(place))


@bp.app_template_filter()
def job_place(job: Job) -> str:
    """Where a job that has not begun stands, in few words."""
    if is_paused():
        return _("Waiting: paused by an admin")
    return place_words(place_in_line(job)) if runs_in_background() else _("Not begun yet")


@bp.app_template_filter()
def job_leave(job: Job, viewer: User) -> str:
    """What becomes of the work, and of whoever watches it, when the page is closed."""
    if job.user_id != viewer.id or job.kind in BACKGROUND:
        return _("You can leave this page. The work goes on.")
    wanted = ways_for(db.session(), job.user, f"{job.kind}_done")
    if not (wanted.in_app or wanted.by_mail) or not get_setting("job_messages"):
        return _("You can leave this page. The work goes on, and you will find it under Jobs.")
    if not wanted.by_mail:
        return _("You can leave this page. We will tell you when it is done, by the bell.")
    if not wanted.in_app:
        return _("You can leave this page. We will tell you when it is done, by mail.")
    return _("You can leave this page. We will tell you when it is done, by the bell and by mail.")


@bp.app_template_filter()
def job_took(job: Job) -> str:
    """How long the work took: "11 minutes"."""
    began, ended = job.started_at or job.created_at, job.finished_at or utc_now()
    return duration((ended - began).total_seconds())


@bp.app_template_filter()
def ago(at: datetime) -> str:
    return _("%(time)s ago", time=duration((utc_now() - at).total_seconds()))


@bp.app_template_filter()
def job_pace(job: Job) -> int:
    """Seconds between two looks at a job: the longer it goes on, the less often."""
    age = (utc_now() - (job.started_at or job.queued_at)).total_seconds()
    if age < 60:
        return 1
    return 2 if age < 300 else 5


@bp.app_template_filter()
def job_mark(job: Job) -> str:
    """What changes when there is something to say about a job, and not with each percent."""
    return f"{job.state}-{job.step_number}"


@bp.app_template_filter()
def job_news(job: Job) -> str:
    """What a screen reader says when the job enters a new step or ends."""
    said = {
        JobState.QUEUED: _("In line."),
        JobState.WAITING: _("The file has been read. It waits for your answer."),
        JobState.DONE: _("Done."),
        JobState.WARNED: ngettext(
            "Done, with %(num)s warning.", "Done, with %(num)s warnings.", len(job.warnings)
        ),
        JobState.FAILED: _("It did not finish."),
        JobState.CANCELLED: _("Cancelled."),
    }
    if job.state != JobState.RUNNING:
        return said[job.state]
    if not job.step:
        return _("Beginning.")
    return _(
        "%(step)s, step %(number)s of %(count)s.",
        step=job_step(job), number=job.step_number, count=len(job.steps),
    )  # fmt: skip


@bp.app_template_filter()
def short_time(seconds: float) -> str:
    """A length of time in a narrow column: "21 s", "6 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{decimal(f'{seconds / 3600:.1f}')} h"


bp.app_template_filter("live_mark")(mark_of)


@bp.app_template_filter()
def warning_mark(jobs: list[Job]) -> str:
    """What changes when a course's warning has to change."""
    return ".".join(f"{job.id}-{job.state}" for job in jobs)
