"""Asks for work on whole courses, in the words that the jobs understand."""

from __future__ import annotations

from typing import Any

from jobs.queue import ask_for
from jobs.steps.merging.second_names import second_name
from jobs.steps.placing import free_shortname
from webapp.extensions import db
from webapp.inclusion import backup_options, for_backup
from webapp.models import Course, Job, JobKind, User


def everything() -> dict[str, Any]:
    """The options of a backup of all sections and activities, with what the settings put into it."""
    return backup_options(for_backup(db.session()).chosen) | {"leave_out": {"sections": [], "activities": []}}


def ask_for_backup(course: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    return ask_for(
        JobKind.BACKUP, "course", course.id, user=user, title=course.fullname, course=course, options=options
    )


def ask_for_copy(course: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    return ask_for(
        JobKind.COPY, "course", course.id, user=user, title=course.fullname, course=course, options=options
    )


def proposal(course: Course) -> dict[str, Any]:
    """What a copy is called as long as nobody has said anything else."""
    return {
        "fullname": second_name(course.fullname)[:254],
        "shortname": free_shortname(db.session(), second_name(course.shortname)),
        "category_id": course.category_id,
    }
