"""What a person looks through before a restore, and where it may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from jobs.archive.survey import ActivityFound, Survey
from jobs.engine.dry_run import dry_run, needs_what_is_left_out
from jobs.language import gettext as _, ngettext
from jobs.problems import JobProblem
from jobs.queue import answer
from jobs.steps.placing import free_shortname
from jobs.steps.selecting.optional import ACTIVITIES
from webapp.access.rights import courses_where, may_on_site, may_use_archive
from webapp.backups.in_file import choices_in
from webapp.content.catalogue import categories_in_order
from webapp.content.choices import ActivityChoice, SectionChoice
from webapp.extensions import db
from webapp.job_requests.inclusion import Included, for_restore
from webapp.models import (
    Activity,
    ArchiveFile,
    Category,
    Course,
    Job,
    JobKind,
    Section,
    User,
)
from webapp.site_settings.declared import CONTENT


@dataclass(frozen=True)
class Replaceable:
    """A course whose content may be replaced, and what that is now."""

    id: int
    fullname: str
    title: str


@dataclass(frozen=True)
class Review:
    """Everything that the page about one waiting restore shows."""

    job: Job
    archive: ArchiveFile
    survey: Survey
    categories: Sequence[Category]
    replaceable: list[Replaceable]
    may_make_courses: bool
    included: Included

    @property
    def activities(self) -> int:
        return sum(self.survey.counts.activities.values())

    @property
    def is_part(self) -> bool:
        """Whether it is a backup of less than a course."""
        return self.survey.kind != "course"

    @cached_property
    def choices(self) -> list[SectionChoice]:
        """What of the file can be left out; nothing of one activity."""
        can_choose = self.survey.kind != "activity" and self.survey.ties is not None
        return choices_in(self.survey) if can_choose else []

    @property
    def kinds(self) -> dict[str, Any]:
        """The kinds of things that the file may have, with what each is called."""
        without = {*self.survey.off, *([ACTIVITIES] if self.is_part else [])}
        return {kind: words for kind, words in CONTENT.items() if kind not in without}

    @cached_property
    def damaged(self) -> dict[int, int]:
        """How many things are damaged in each activity, by its id."""
        folders = self.survey.damaged_folders
        activities = [one for each in self.survey.sections for one in each.activities]
        return {one.id: folders[one.directory] for one in activities if one.directory in folders}

    def is_unknown(self, activity: ActivityFound | ActivityChoice) -> bool:
        return activity.type in self.survey.unknown_types

    def proposal(self) -> dict[str, Any]:
        """What the form says before anybody has said anything."""
        origin, asked_from = self.survey.origin, self.job.options.get("asked_from")
        asked_into = self.job.options.get("asked_into")
        shortname = origin.shortname or origin.fullname or "Restored"
        offered = [one.id for one in self.replaceable]
        into = "merge" if self.is_part or asked_into else "replace"
        # A part of a course goes back into the course that somebody came from.
        is_new = self.may_make_courses and not ((self.is_part or asked_into) and asked_from in offered)
        return {
            "target": "new" if is_new else into,
            "fullname": (self._part_title if self.is_part else origin.fullname) or self.archive.filename,
            "shortname": free_name(shortname),
            "category_id": 0,
            "course_id": asked_from if asked_from in offered else (offered or [0])[0],
            "placing": "chosen" if asked_into else "number",
            "section_id": asked_into,
            "people": self.included.chosen["people"],
        }

    @property
    def _part_title(self) -> str:
        activities = [one.title for one in self.survey.loose_activities]
        return ([one.title for one in self.survey.sections] + activities + [""])[0]


def get_waiting(job_id: int) -> tuple[Job, ArchiveFile | None]:
    """The restore and its file; the file is None if it has gone, or is no longer theirs who asked."""
    job = db.session.get_one(Job, job_id)
    archive_id = job.result.get("archive_id")
    archive = db.session.get(ArchiveFile, archive_id) if job.kind == JobKind.RESTORE and archive_id else None
    return job, archive if archive and may_use_archive(job.user, archive) else None


def review_of(job: Job, archive: ArchiveFile, user: User) -> Review:
    survey = Survey.from_json(archive.survey)
    return Review(
        job=job,
        archive=archive,
        survey=survey,
        categories=categories_in_order(),
        replaceable=_replaceable_by(user),
        may_make_courses=may_on_site(user, "make courses"),
        included=for_restore(db.session(), archive),
    )


def was_added(job: Job, course_id: int | None) -> bool:
    """Whether the file of this restore was added to the course before."""
    course = db.session.get(Course, course_id or 0)
    stamp = job.result.get("stamp")
    return course is not None and stamp is not None and stamp in course.version.manifest.get("merged", [])


def sections_to_choose(course_id: int) -> dict[str, str]:
    """The sections of a course, by their ids, as they are called."""
    course = db.session.get_one(Course, course_id)
    found = sa.select(Section).where(Section.version_id == course.version_id)
    rows = db.session.scalars(found.order_by(Section.position, Section.id))
    return {str(row.id): row.name or row.title or str(row.number) for row in rows}


def look_at(job: Job, archive: ArchiveFile, options: dict[str, Any]) -> dict[str, Any]:
    """What an answer would lead to (`jobs.engine.dry_run`), or why it would be refused, as `problem`."""
    try:
        return dry_run(archive.id, options, job.user_id, job.id)
    except JobProblem as problem:
        return {"problem": str(problem)}


def needs_of(job: Job, archive: ArchiveFile, options: dict[str, Any]) -> list[str]:
    """What is no longer right without what an answer leaves out, or why it would be refused; a sentence each."""
    try:
        return needs_what_is_left_out(archive.id, archive.survey, options, job.id)
    except JobProblem as problem:
        return [str(problem)]


def free_name(shortname: str) -> str:
    """The short name, or the next like it that no course has."""
    return free_shortname(db.session(), shortname)


def give_answer(job: Job, options: dict[str, Any]) -> bool:
    """Put the restore in line with the person's answer.

    False if the person has another restore into that course under way. Where it no longer
    waits, somebody was faster, and nothing changes.
    """
    changes: dict[str, Any] = {"title": options.get("fullname") or job.title}
    if options["target"] != "new":
        course = db.session.get_one(Course, options["course_id"])
        changes = {
            "title": course.fullname,
            "course_id": course.id,
            "scope": "course",
            "target_id": course.id,
        }
    try:
        answer(job.id, options, **changes)
    except IntegrityError:
        return False
    return True


def _replaceable_by(user: User) -> list[Replaceable]:
    sections, activities = _count_of(Section), _count_of(Activity)
    found = sa.select(Course, sections, activities).order_by(Course.fullname)
    if not user.is_admin:
        found = found.where(Course.id.in_(courses_where(user, "restore")))
    return [_replaceable(*row) for row in db.session.execute(found)]


def _count_of(table: type[Section] | type[Activity]) -> sa.ScalarSelect[int]:
    counting = sa.select(sa.func.count()).where(table.version_id == Course.version_id)
    return counting.correlate(Course).scalar_subquery()


def _replaceable(course: Course, sections: int, activities: int) -> Replaceable:
    title = _(
        "%(shortname)s: %(course)s (%(sections)s, %(activities)s)",
        course=course.fullname,
        shortname=course.shortname,
        sections=ngettext("%(num)s section", "%(num)s sections", sections),
        activities=ngettext("%(num)s activity", "%(num)s activities", activities),
    )
    return Replaceable(course.id, course.fullname, title)
