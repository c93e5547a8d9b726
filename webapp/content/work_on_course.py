"""Ends the jobs on what is deleted, and has those told who asked for them."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from jobs.language import gettext as _, speaking
from webapp.models import ACTIVE, Course, Job, JobKind, JobState, utc_now
from webapp.pages.languages import language_of


def stop_work_on(session: Session, course: Course) -> None:
    """Cancel what waits for its turn or for an answer, and ask what runs to stop; each says why.

    That is the work on the course, and what is to be brought from it into another one.
    """
    _stop(session, Job.course_id == course.id, lambda: _("The course was deleted."))
    takes = (Job.kind == JobKind.IMPORT) & (Job.options["source_id"].as_integer() == course.id)
    _stop(
        session,
        takes,
        lambda: _("The course “%(name)s”, from which it was to come, was deleted.", name=course.fullname),
    )


def stop_work_on_parts(session: Session, sections: Collection[int], activities: Collection[int]) -> None:
    """The same for sections and activities (by their rows) that are deleted from a course that stays."""
    for scope, rows in (("section", sections), ("activity", activities)):
        moves = Job.options["moves"]
        moved = (moves["kind"].as_string() == scope) & moves["row"].as_integer().in_(rows)
        about = Job.kind.in_((JobKind.BACKUP, JobKind.COPY)) & (Job.scope == scope) & Job.target_id.in_(rows)
        waits = Job.state.in_((JobState.QUEUED, JobState.WAITING))
        _stop(session, waits & (about | moved), lambda: _("It was deleted from its course."))


def _stop(session: Session, which: sa.ColumnElement[bool], why: Callable[[], str]) -> None:
    """End the jobs with what `why` says in the language of whoever asked for them."""
    for job in session.scalars(sa.select(Job).where(which, Job.state.in_(ACTIVE))).all():
        with speaking(language_of(job.user, session)):
            job.problem = why()
        if job.state == JobState.RUNNING:
            # It tells by itself, once it has stopped.
            job.cancel_asked = True
            continue
        job.state, job.finished_at = JobState.CANCELLED, utc_now()
        current_app.extensions["tell_of_end"](session, job)
