"""What is known of the course of a job, line by line. Names nobody: who asked stands in the head of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.models import Job, JobState
from webapp.progress import bp

_ENDS = {
    JobState.DONE: _l("Done."),
    JobState.FAILED: _l("It did not finish."),
    JobState.CANCELLED: _l("Cancelled."),
}


@dataclass(frozen=True)
class Line:
    """One thing that happened. `seconds` is how long it took, None where that is not known or says nothing."""

    at: datetime
    says: str
    seconds: float | None = None


@bp.app_template_filter()
def job_log(job: Job) -> list[Line]:
    """The job from the moment it was asked for, in order; steps that it has not come to are not in it.

    The moments of steps are those of the last attempt, from its beginning on.
    """
    lines = [Line(job.created_at, _("Put in line."))]
    if job.started_at:
        lines += [Line(job.started_at, _begin_words(job)), *_steps(job, job.started_at)]
    if job.state == JobState.QUEUED and job.attempts:
        lines.append(Line(job.queued_at, _("Put in line again, after an interruption.")))
    if job.finished_at:
        lines.append(Line(job.finished_at, _end_words(job)))
    if job.dismissed_at:
        lines.append(Line(job.dismissed_at, _("Dismissed.")))
    return lines


def _begin_words(job: Job) -> str:
    return _("Begun, in attempt %(number)s.", number=job.attempts) if job.attempts > 1 else _("Begun.")


def _steps(job: Job, began: datetime) -> list[Line]:
    """The steps that were entered; the one that it stands or stopped at has no length."""
    lines, at = [], began
    for title, seconds in job.steps[: job.step_number]:
        lines.append(Line(at, str(title), seconds))
        at += timedelta(seconds=seconds or 0)
    return lines


def _end_words(job: Job) -> str:
    if job.state == JobState.WARNED:
        return ngettext("Done, with %(num)s warning.", "Done, with %(num)s warnings.", len(job.warnings))
    return " ".join(part for part in (str(_ENDS[job.state]), job.problem) if part)
