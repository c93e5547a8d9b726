"""Asks for work on whole courses, in the words that the jobs understand."""

from __future__ import annotations

from typing import Any

from jobs.problems import JobRefused
from jobs.queue import ask_for
from jobs.steps.merging.second_names import second_name
from jobs.steps.placing import free_shortname
from webapp.estimates.outlook import outlook_of
from webapp.extensions import db
from webapp.job_requests.inclusion import backup_options, for_backup
from webapp.job_requests.quotas import check_quotas, is_bounded
from webapp.models import LONGEST_FULLNAME, Course, Job, JobKind, User


def everything() -> dict[str, Any]:
    """The options of a backup of all sections and activities, with what the settings put into it."""
    return backup_options(for_backup(db.session()).chosen) | {"leave_out": {"sections": [], "activities": []}}


class Room:
    """The room for backups that somebody asks for together: what one of them takes is not there for the next.

    Each counts by the least that it will have; the job looks again at what it has really made.
    """

    def __init__(self, user: User) -> None:
        self._user_id = user.id
        self._is_bounded = is_bounded(db.session())
        #: Bytes of those for which there is room, and of all.
        self._kept = self._asked = 0

    def has_room_for(self, course: Course, options: dict[str, Any]) -> bool:
        """Whether a backup of the course with these options, as the job takes them, could be kept with the others."""
        if not self._is_bounded:
            return True
        least = outlook_of(course, options).least
        self._asked += least
        if self._problem(self._kept + least, ""):
            return False
        self._kept += least
        return True

    @property
    def problem(self) -> str:
        """Why not all that was asked about could be kept; empty if it could."""
        return self._problem(self._asked, "at the least, what is asked for") if self._asked else ""

    def _problem(self, more: int, what: str) -> str:
        try:
            check_quotas(db.session(), more, what, user_id=self._user_id)
        except JobRefused as refused:
            return str(refused)
        return ""


def room_problem(course: Course, options: dict[str, Any], user: User) -> str:
    """Why a backup of the course with these options, as the job takes them, could not be kept; empty if it could."""
    room = Room(user)
    room.has_room_for(course, options)
    return room.problem


def ask_for_backup(course: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`. Raises JobRefused, too, where it could not be kept."""
    if problem := room_problem(course, options, user):
        raise JobRefused(problem)
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
        "fullname": second_name(course.fullname)[:LONGEST_FULLNAME],
        "shortname": free_shortname(db.session(), second_name(course.shortname)),
        "category_id": course.category_id,
    }
