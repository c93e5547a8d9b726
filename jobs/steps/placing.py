"""Where a restored version goes: into a new course, or in the place of an old one's content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.building.accounts import plain
from jobs.steps.building.people import enrol_known
from webapp.access.rights import may_in_course, may_on_site
from webapp.models import (
    LONGEST_FULLNAME,
    LONGEST_SHORTNAME,
    Category,
    Course,
    CourseRole,
    CourseVersion,
    Membership,
    Section,
    User,
    get_setting,
    utc_now,
)


@dataclass(frozen=True)
class Placement:
    """The person's answer to where and how."""

    user_id: int
    #: The course whose content is replaced or added to; None for a new course.
    course_id: int | None
    people: bool
    #: Whether what comes in is added to what the course has.
    adds: bool = False
    #: The section (its id here) that all of it goes into; else each goes into the one with its number.
    section_id: int | None = None
    #: Whether sections go behind those that there are instead.
    append: bool = False
    #: Whether the person knows that the same was added before.
    again: bool = False
    #: User names that mean one person, whatever their addresses say.
    same_people: frozenset[str] = frozenset()
    #: Whether it comes from another course of this site, where an account tells who is who.
    within_site: bool = False
    #: On which day the course begins from now on; all its dates move along. None leaves them as they are.
    start_date: date | None = None
    fullname: str = ""
    shortname: str = ""
    category_id: int | None = None
    #: Whether pupils see a new course at once.
    visible: bool = False
    #: What course.xml says of the course itself.
    names: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_options(cls, options: dict[str, Any], user_id: int) -> Placement:
        target = options["target"]
        return cls(
            user_id=user_id,
            course_id=None if target == "new" else options["course_id"],
            people=bool(options.get("people", True)),
            adds=target == "merge",
            section_id=options.get("section_id"),
            append=options.get("sections") == "append",
            again=bool(options.get("again")),
            same_people=frozenset(plain(name) for name in options.get("same_people", ())),
            within_site=bool(options.get("within_site")),
            start_date=date.fromisoformat(day) if (day := options.get("start_date")) else None,
            fullname=options.get("fullname") or "",
            shortname=options.get("shortname") or "",
            category_id=options.get("category_id"),
            visible=bool(options.get("visible")),
        )


def check_placement(session: Session, placement: Placement) -> None:
    """Ask again whether the person may: rights can go between the click and the run. Raises JobProblem."""
    user = session.get(User, placement.user_id)
    if user is None or not user.active:
        raise JobProblem(_("Your account was closed meanwhile. Nothing was changed."))
    if placement.course_id is None:
        if not may_on_site(user, "make courses"):
            raise JobProblem(_("You may no longer make courses here. Nothing was changed. Ask an admin."))
        return
    course = session.get(Course, placement.course_id)
    if course is None:
        raise JobProblem(
            _("The course was deleted meanwhile. Nothing was changed. Restore into a new course instead.")
        )
    if not may_in_course(user, "restore", course, session=session):
        raise JobProblem(
            _("You may no longer restore into this course. Nothing was changed. Ask a manager of the course.")
        )
    section = session.get(Section, placement.section_id) if placement.section_id else None
    if placement.section_id and (section is None or section.version_id != course.version_id):
        raise JobProblem(_("The section was deleted meanwhile. Nothing was changed. Choose another one."))


def place(session: Session, placement: Placement, version_id: int, enrolled: Iterable[int]) -> dict[str, Any]:
    """Point a course to the version, in the transaction that ends the job; returns what to tell of it."""
    check_placement(session, placement)
    version = session.get_one(CourseVersion, version_id)
    version.job_id = None
    if placement.course_id is None:
        course = new_course(session, placement, version_id)
    else:
        course = session.get_one(Course, placement.course_id)
        old = set_aside(session, course)
        course.version_id, course.changed_at = version_id, utc_now()
        if placement.start_date is not None:
            exchange_dates(course, old, placement.names)
    enrol_known(session, course, version_id, enrolled)
    return {"course_id": course.id, "undo": placement.course_id is not None}


def set_aside(session: Session, course: Course) -> CourseVersion:
    """Keep the course's current content for some days, so that it can be put back; returns it."""
    old = session.get_one(CourseVersion, course.version_id)
    old.undo_course_id, old.keep_until = course.id, utc_now() + timedelta(days=undo_days(session))
    return old


def exchange_dates(course: Course, old: CourseVersion, dates: Mapping[str, Any]) -> None:
    """Have a course begin and end as its new content says; what it said before is kept with its `old` content."""
    before = {"start_date": course.start_date, "end_date": course.end_date}
    old.manifest = {**old.manifest, "course_dates": before}
    course.start_date = dates.get("start_date", course.start_date)
    course.end_date = dates.get("end_date", course.end_date)


def undo_days(session: Session) -> int:
    return int(get_setting("undo_days", session))


def new_course(session: Session, placement: Placement, version_id: int) -> Course:
    """Make a course of a version, with the person as its teacher."""
    names = placement.names
    shortname = placement.shortname or names.get("shortname") or "Restored"
    category = session.get(Category, placement.category_id) if placement.category_id else None
    course = Course(
        fullname=(placement.fullname or names.get("fullname") or shortname)[:LONGEST_FULLNAME],
        shortname=free_shortname(session, shortname),
        idnumber=names.get("idnumber") or "",
        category_id=category.id if category else None,
        visible=placement.visible,
        start_date=names.get("start_date") or 0,
        end_date=names.get("end_date") or 0,
        version_id=version_id,
    )
    session.add(course)
    session.flush()
    session.add(Membership(course_id=course.id, user_id=placement.user_id, role=CourseRole.EDITING_TEACHER))
    session.flush()
    return course


def free_shortname(session: Session, wanted: str) -> str:
    """The short name, or with the first number that makes it one of its own, as Moodle does: NAME_1."""
    wanted, stem = wanted[:LONGEST_SHORTNAME], wanted[: LONGEST_SHORTNAME - 10]
    begin_alike = Course.shortname.startswith(stem, autoescape=True)
    taken = set(session.scalars(sa.select(Course.shortname).where(begin_alike)))
    if wanted not in taken:
        return wanted
    return next(name for number in count(1) if (name := f"{stem}_{number}") not in taken)
