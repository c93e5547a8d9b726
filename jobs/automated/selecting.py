"""Which courses a run backs up, in which order, and which it leaves out with what reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from jobs.automated.soundness import is_sound_archive, is_sound_copy
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.catalogue import with_those_inside
from webapp.models import ArchiveFile, AutomatedItem, Course, ItemState, Schedule
from webapp.pages.formatters import moment

HIDDEN = _l("Hidden courses are left out.")


@dataclass(frozen=True)
class Chosen:
    """A course of a run; with a reason, it is left out."""

    course_id: int
    title: str
    skipped_because: str = ""


def select_courses(session: Session, schedule: Schedule) -> list[Chosen]:
    """The courses of the chosen categories, and of those inside them; first the one whose last backup is the oldest."""
    last = _last_good(session)
    found = sa.select(Course)
    if schedule.categories:
        found = found.where(Course.category_id.in_(with_those_inside(schedule.categories, session)))
    courses = sorted(session.scalars(found), key=lambda course: (_age(last.get(course.id)), course.id))
    return [
        Chosen(course.id, course.fullname, _why_not(schedule, course, last.get(course.id)))
        for course in courses
    ]


def _age(item: AutomatedItem | None) -> int:
    return item.id if item else 0


def _last_good(session: Session) -> dict[int, AutomatedItem]:
    """For each course the newest item of a run that led to a backup."""
    good = AutomatedItem.state.in_((ItemState.DONE, ItemState.WARNED)) & AutomatedItem.course_id.is_not(None)
    newest = sa.select(sa.func.max(AutomatedItem.id)).where(good).group_by(AutomatedItem.course_id)
    found = sa.select(AutomatedItem).options(
        joinedload(AutomatedItem.archive).defer(ArchiveFile.survey),
        joinedload(AutomatedItem.copy),
        joinedload(AutomatedItem.run),
    )
    items: Sequence[AutomatedItem] = session.scalars(found.where(AutomatedItem.id.in_(newest))).all()
    return {item.course_id: item for item in items if item.course_id is not None}


def _why_not(schedule: Schedule, course: Course, last: AutomatedItem | None) -> str:
    if schedule.skip_hidden and not course.visible:
        return HIDDEN
    if schedule.skip_unchanged and last is not None and _covers(last, schedule, course):
        return _("Nothing has changed since the backup of %(moment)s.", moment=moment(last.run.created_at))
    return ""


def _covers(last: AutomatedItem, schedule: Schedule, course: Course) -> bool:
    """Whether the last backup holds the course as it is, as much of it, and lies sound in each wanted place."""
    if last.course_changed_at != course.changed_at:
        return False
    if (last.with_people, last.with_files, last.without) != (
        schedule.people,
        schedule.files,
        schedule.without,
    ):
        return False
    if schedule.destination.in_app and not (last.archive and is_sound_archive(last.archive)):
        return False
    if not schedule.destination.in_folder:
        return True
    copy = last.copy
    return copy is not None and copy.folder == schedule.folder and is_sound_copy(copy)
