"""What is said about a job, in the same words wherever it is shown. All of these are filters."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.pause import is_paused, paused_at
from jobs.queue import place_in_line, runs_in_background
from webapp.extensions import db
from webapp.formatters import counted, duration, moment, ordinal
from webapp.live import mark_of
from webapp.message_choices import ways_for
from webapp.models import BACKGROUND, Job, JobKind, JobState, User, get_setting, utc_now
from webapp.progress import bp
from webapp.progress.history import bytes_of, seconds_of
from webapp.progress.operations import archive_of, can_begin_again, course_of, seconds_until_free, undo_end

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DOING = {
    JobKind.BACKUP: "Backing up",
    JobKind.RESTORE: "Restoring",
    JobKind.COPY: "Copying",
    JobKind.IMPORT: "Importing from",
    JobKind.AUTOMATED: "Backing up",
    JobKind.CLOSING: "Finishing",
    JobKind.CHECK: "Reading again",
    JobKind.MAIL: "Sending",
}

bp.add_app_template_filter(seconds_of, "job_seconds")
bp.add_app_template_filter(bytes_of, "job_bytes")
for _question in (archive_of, can_begin_again, course_of, undo_end):
    bp.add_app_template_filter(_question)

#: Whoever waits this long while nothing runs is told that nobody seems to work.
TOO_LONG = timedelta(seconds=30)


@bp.app_template_filter()
def in_words(number: int) -> str:
    """A small number as a word: "two"."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


@bp.app_template_filter()
def job_name(job: Job) -> str:
    """The job as the title of a page: "Backup of Tides and Coasts"."""
    if job.kind == JobKind.CLOSING:
        return job.title
    if job.kind == JobKind.CHECK:
        return f"Check of {job.title}"
    if "moves" in job.options:
        return f"Move of “{job.title}”"
    return f"{job.kind.word} {'from' if job.kind == JobKind.IMPORT else 'of'} {job_thing(job)}"


@bp.app_template_filter()
def job_word(job: Job) -> str:
    """What it is, within a sentence: "backup"."""
    if job.kind == JobKind.CLOSING:
        return "end of a round"
    return "backup" if job.is_backup else job.kind.value


@bp.app_template_filter()
def job_thing(job: Job) -> str:
    """What the job is about, within a sentence: "Tides and Coasts", "the section “Week one”"."""
    if job.kind in (JobKind.BACKUP, JobKind.COPY) and job.scope in ("section", "activity"):
        return f"the {job.scope} “{job.title}”"
    return job.title


@bp.app_template_filter()
def job_doing(job: Job) -> str:
    """What is being done to the thing: "Backing up"."""
    if "moves" in job.options:
        return "Moving"
    return "Reading" if is_reading(job) else _DOING[job.kind]


@bp.app_template_filter()
def job_on_course(job: Job) -> str:
    """The job as something that is asked for, on the page of its course: "a backup of this course"."""
    if "moves" in job.options:
        return f"a move of “{job.title}” into this course"
    word = "an import" if job.kind == JobKind.IMPORT else f"a {job.kind}"
    return f"{word} {'of' if job.kind in (JobKind.BACKUP, JobKind.COPY) else 'into'} {_here(job)}"


@bp.app_template_filter()
def job_at_course(job: Job) -> str:
    """The same as something that is being done: "backing up this course"."""
    if "moves" in job.options:
        return f"moving “{job.title}” into this course"
    doing = {JobKind.BACKUP: "backing up", JobKind.COPY: "copying", JobKind.IMPORT: "importing into"}
    return f"{doing.get(job.kind, 'restoring into')} {_here(job)}"


def _here(job: Job) -> str:
    thing = job_thing(job)
    return "this course" if thing == job.title else f"{thing} in this course"


@bp.app_template_filter()
def is_reading(job: Job) -> bool:
    """Whether it is the first half of a restore, which reads the file and changes nothing."""
    return job.kind == JobKind.RESTORE and "target" not in job.options


@bp.app_template_filter()
def job_step(job: Job) -> str:
    """What it does right now, as a heading."""
    if job.state == JobState.QUEUED:
        return "In line again, after an interruption" if job.attempts else "In line"
    return "Stopping" if job.cancel_asked else job.step or "Beginning"


@bp.app_template_filter()
def job_line(job: Job) -> str:
    """Where a job that has not begun stands, and when it should begin."""
    if since := paused_at():
        return f"Waiting: an admin has paused all jobs, {moment(since)}. It keeps its place and begins after that."
    if not runs_in_background():
        return "It has not begun yet."
    place, running = place_in_line(job), seconds_until_free()
    if place == 1 and not running and utc_now() - job.queued_at > TOO_LONG:
        return "Next in line, but nobody seems to be at work. Tell an admin that no worker is running."
    begin = _begin_words(place, running)
    before = f"{in_words(place - 1)} other {'job goes' if place == 2 else 'jobs go'} first"
    if place == 1:
        return f"Next in line. {begin or 'It starts as soon as a running job is done'}."
    return (
        f"{place_words(place)}. {begin}; {before}."
        if begin
        else f"{place_words(place)}. {before.capitalize()}."
    )


def _begin_words(place: int, running: list[int | None]) -> str:
    if len(running) < place:
        return "" if running else "It should start in a moment"
    known = sorted(seconds for seconds in running if seconds is not None)
    return f"It should start in about {duration(known[place - 1])}" if len(known) >= place else ""


@bp.app_template_filter()
def place_words(place: int) -> str:
    """A place in line: "Third in line"."""
    return f"{ordinal(place)} in line"


@bp.app_template_filter()
def job_place(job: Job) -> str:
    """Where a job that has not begun stands, in few words."""
    if is_paused():
        return "Waiting: paused by an admin"
    return place_words(place_in_line(job)) if runs_in_background() else "Not begun yet"


@bp.app_template_filter()
def job_leave(job: Job, viewer: User) -> str:
    """What becomes of the work, and of whoever watches it, when the page is closed."""
    if job.user_id != viewer.id or job.kind in BACKGROUND:
        return "You can leave this page. The work goes on."
    wanted = ways_for(db.session(), job.user, f"{job.kind}_done")
    ways = " and ".join(
        way for way, is_wanted in (("by the bell", wanted.in_app), ("by mail", wanted.by_mail)) if is_wanted
    )
    if not ways or not get_setting("job_messages"):
        return "You can leave this page. The work goes on, and you will find it under Jobs."
    return f"You can leave this page. We will tell you when it is done, {ways}."


@bp.app_template_filter()
def job_took(job: Job) -> str:
    """How long the work took: "11 minutes"."""
    began, ended = job.started_at or job.created_at, job.finished_at or utc_now()
    return duration((ended - began).total_seconds())


@bp.app_template_filter()
def ago(at: datetime) -> str:
    return f"{duration((utc_now() - at).total_seconds())} ago"


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
        JobState.QUEUED: "In line.",
        JobState.WAITING: "The file has been read. It waits for your answer.",
        JobState.DONE: "Done.",
        JobState.WARNED: f"Done, with {counted(len(job.warnings), 'warning')}.",
        JobState.FAILED: "It did not finish.",
        JobState.CANCELLED: "Cancelled.",
    }
    if job.state != JobState.RUNNING:
        return said[job.state]
    return f"{job_step(job)}, step {job.step_number} of {len(job.steps)}." if job.step else "Beginning."


@bp.app_template_filter()
def short_time(seconds: float) -> str:
    """A length of time in a narrow column: "21 s", "6 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


bp.app_template_filter("live_mark")(mark_of)


@bp.app_template_filter()
def warning_mark(jobs: list[Job]) -> str:
    """What changes when a course's warning has to change."""
    return ".".join(f"{job.id}-{job.state}" for job in jobs)
