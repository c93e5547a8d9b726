"""Makes a course of a copied version: what it is called, who may see it, and who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.xml import pack, unpack
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.building.dates import knows_start
from jobs.steps.building.versions import Built
from jobs.steps.matching.sides import course_document
from jobs.steps.placing import free_shortname
from webapp.access.memberships import RANKS
from webapp.access.rights import may_in_course, may_on_site, role_in
from webapp.content.catalogue import is_shortname_taken
from webapp.content.columns import COURSE
from webapp.content.documents import move_into_columns
from webapp.models import LONGEST_FULLNAME, Category, Course, CourseRole, CourseVersion, Membership, User
from webapp.pages.days import seconds_of


@dataclass(frozen=True)
class Wish:
    """What the copy of a course shall be."""

    user_id: int
    fullname: str
    shortname: str
    #: Whether the short name may get a number where another course has it by now.
    numbered: bool
    idnumber: str
    category_id: int | None
    visible: bool
    #: The day on which it begins, if not on that of the original: all its dates move along.
    start_date: date | None
    #: The day on which it ends, if not as the original or as that moves it.
    end_date: date | None
    no_end: bool
    people: bool
    #: Who has one of these roles in the course has it in the copy.
    roles: frozenset[CourseRole]

    @classmethod
    def from_options(cls, options: dict[str, Any], user_id: int) -> Wish:
        return cls(
            user_id=user_id,
            fullname=options["fullname"],
            shortname=options["shortname"],
            numbered=bool(options.get("numbered")),
            idnumber=options.get("idnumber") or "",
            category_id=options.get("category_id"),
            visible=bool(options.get("visible")),
            start_date=_day(options.get("start_date")),
            end_date=_day(options.get("end_date")),
            no_end=bool(options.get("no_end")),
            people=bool(options.get("people")),
            roles=frozenset(CourseRole(role) for role in options.get("roles", ())),
        )

    def moves_to(self, course: Course) -> date | None:
        """The day to which the dates of the course move; None where nobody can say how far."""
        return self.start_date if knows_start(course.start_date) else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def source_of(session: Session, user_id: int, course_id: int | None) -> Course:
    """The course that is copied, if the person may still copy it. Raises JobProblem."""
    user = session.get(User, user_id)
    course = session.get(Course, course_id) if course_id else None
    if user is None or not user.active:
        raise JobProblem(_("Your account was closed meanwhile. Nothing was made."))
    if course is None:
        raise JobProblem(_("The course was deleted meanwhile. Nothing was made."))
    if not may_in_course(user, "back up", course, session=session):
        raise JobProblem(
            _("You may no longer copy this course. Nothing was made. Ask a manager of the course.")
        )
    if not may_on_site(user, "make courses"):
        raise JobProblem(_("You may no longer make courses here. Nothing was made. Ask an admin."))
    return course


def check_name(session: Session, wish: Wish) -> None:
    """Raise JobProblem where another course has the short name, and no number may be put to it."""
    if not wish.numbered and is_shortname_taken(wish.shortname, session):
        raise JobProblem(
            _(
                "Another course is called “%(shortname)s” by now. Nothing was made. Choose another short "
                "name.",
                shortname=wish.shortname,
            )
        )


def roles_to_keep(user: User, course: Course, session: Session | None = None) -> tuple[CourseRole, ...]:
    """The roles that the person may take over into a copy: none above their own."""
    own = None if user.is_admin else role_in(user, course.id, session)
    return RANKS[RANKS.index(own) :] if own else RANKS if user.is_admin else ()


def place_copy(session: Session, wish: Wish, course_id: int | None, built: Built) -> dict[str, Any]:
    """Make the course, in the transaction that ends the job; returns what to tell of it. Raises JobProblem."""
    source = source_of(session, wish.user_id, course_id)
    check_name(session, wish)
    version = session.get_one(CourseVersion, built.version_id)
    version.job_id = None
    added = session.get_one(CourseVersion, source.version_id).manifest.get("merged")
    if added:
        version.manifest = version.manifest | {"merged": added}
    values = {
        "fullname": wish.fullname[:LONGEST_FULLNAME],
        "shortname": free_shortname(session, wish.shortname),
        "idnumber": wish.idnumber,
        "visible": wish.visible,
        **_dates(wish, source, built),
    }
    _make_room(session, version.id, built, values)
    category = session.get(Category, wish.category_id) if wish.category_id else None
    course = Course(**values, category_id=category.id if category else None, version_id=version.id)
    session.add(course)
    session.flush()
    _take_over(session, wish, source, course)
    return {"course_id": course.id, "shortname": course.shortname}


def _dates(wish: Wish, source: Course, built: Built) -> dict[str, int]:
    shift = built.intake.shift
    start, end = (shift.move(at) if shift else at for at in (source.start_date, source.end_date))
    if wish.start_date and not shift:
        start = seconds_of(wish.start_date, start)
    if wish.end_date or wish.no_end:
        end = seconds_of(wish.end_date, end)
    return {"start_date": start, "end_date": end}


def _make_room(session: Session, version_id: int, built: Built, values: dict[str, Any]) -> None:
    """Leave places in course.xml for what it does not say itself, and now is to."""
    document = course_document(session, version_id, "course/course.xml")
    if document is not None:
        root = unpack(document.skeleton)
        said = built.intake.facts.course
        move_into_columns(root, COURSE, [name for name, value in values.items() if name in said or value])
        document.skeleton = pack(root)


def _take_over(session: Session, wish: Wish, source: Course, course: Course) -> None:
    """Put into the copy who keeps a role, and whoever asked for it: as one who edits it, or more if they were."""
    user = session.get_one(User, wish.user_id)
    kept = wish.roles & frozenset(roles_to_keep(user, source, session))
    members = sa.select(Membership.user_id, Membership.role).join(User).where(
        Membership.course_id == source.id, Membership.role.in_(kept), User.active
    )  # fmt: skip
    roles = {row.user_id: row.role for row in session.execute(members)}
    if roles.get(user.id) != CourseRole.MANAGER:
        roles[user.id] = CourseRole.EDITING_TEACHER
    session.add_all(
        Membership(course_id=course.id, user_id=number, role=role) for number, role in roles.items()
    )
    session.flush()
