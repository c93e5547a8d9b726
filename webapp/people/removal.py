"""Removes a person: what is personal goes, what others need stays under “somebody who was removed”.

The row itself is kept and emptied, because jobs, backups, old wordings and the audit log point to it: a
restore can still be taken back, and the log still tells one removed person from another.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access import sign_ins
from webapp.access.audit import note
from webapp.access.directory import Refused
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    ACTIVE,
    ArchiveFile,
    CategoryManager,
    Course,
    CourseRole,
    FailedSignIn,
    Job,
    JobKind,
    JobState,
    Membership,
    Message,
    MessageChoice,
    Person,
    SiteRole,
    User,
    utc_now,
)
from webapp.people.operations import has_other_admin

#: What the log says where there is an heir.
HANDED_OVER = _l("work handed over")


@dataclass(frozen=True)
class Work:
    """What somebody has here, and what becomes of it is to be said."""

    #: The courses that nobody else manages or edits.
    courses: list[Course]
    backups: int
    backups_size: int
    memberships: int
    running: int
    messages: int

    @property
    def can_be_handed_over(self) -> bool:
        return bool(self.courses or self.backups)


def work_of(person: User) -> Work:
    backups, size = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(ArchiveFile.size), 0)).where(
            ArchiveFile.owner_id == person.id
        )
    ).one()
    return Work(
        courses=list(db.session.scalars(_managed_alone(person.id).order_by(Course.fullname))),
        backups=backups,
        backups_size=size,
        memberships=_count(Membership.user_id == person.id),
        running=_count(Job.user_id == person.id, Job.state.in_(ACTIVE), Job.kind != JobKind.MAIL),
        messages=_count(Message.user_id == person.id),
    )


def remove_person(person: User, *, heir: User | None, by: User) -> None:
    """Take all that is personal away; with an heir, hand the person's courses and backups over first.

    Jobs under way are cancelled. Raises Refused for oneself, the last admin, and an heir who can't be one.
    """
    heir_id, by_id = heir.id if heir else None, by.id
    with write_transaction() as session:
        if fault := _standing_fault(session, person, by_id):
            raise Refused({"typed": fault})
        if heir_id is not None:
            _hand_over(session, person, _heir(session, heir_id, person))
        _cancel_jobs(session, person)
        _forget(session, person)
        note(session, "person removed", person, detail=HANDED_OVER if heir_id else "")


def _standing_fault(session: Session, person: User, by_id: int) -> str:
    if person.removed_at is not None:
        return _("This person has been removed already.")
    if person.id == by_id:
        return _("You can’t remove yourself. Another admin can.")
    if person.is_admin and not has_other_admin(session, person):
        return _("There must be an admin who can sign in, and this is the only one.")
    return ""


def _heir(session: Session, heir_id: int, person: User) -> User:
    heir = session.get_one(User, heir_id)
    if heir.id == person.id:
        raise Refused({"heir": _("This is the person who is to be removed.")})
    if not heir.active:
        raise Refused({"heir": _("%(name)s may not sign in, and could do nothing with it.", name=heir.name)})
    return heir


def _hand_over(session: Session, person: User, heir: User) -> None:
    """Make the heir a manager where there would be none, and the owner of all backups."""
    for course in session.scalars(_managed_alone(person.id)).all():
        found = sa.select(Membership).where(Membership.course_id == course.id, Membership.user_id == heir.id)
        member = session.scalars(found).one_or_none()
        if member is None:
            session.add(Membership(course_id=course.id, user_id=heir.id, role=CourseRole.MANAGER))
        else:
            member.role = CourseRole.MANAGER
        action = "member role changed" if member else "member added"
        note(session, action, heir, course=course, detail=CourseRole.MANAGER)
    owned = sa.update(ArchiveFile).where(ArchiveFile.owner_id == person.id)
    session.execute(owned.values(owner_id=heir.id))


def _cancel_jobs(session: Session, person: User) -> None:
    """End what waits, and ask what runs to end: it does within a second. Mails to the person go altogether."""
    session.execute(sa.delete(Job).where(Job.user_id == person.id, Job.kind == JobKind.MAIL))
    waits = (Job.user_id == person.id) & Job.state.in_((JobState.QUEUED, JobState.WAITING))
    session.execute(sa.update(Job).where(waits).values(state=JobState.CANCELLED, finished_at=utc_now()))
    runs = (Job.user_id == person.id) & (Job.state == JobState.RUNNING)
    session.execute(sa.update(Job).where(runs).values(cancel_asked=True))


def _forget(session: Session, person: User) -> None:
    tried = FailedSignIn.username.in_((person.username, person.username.lower()))
    session.execute(sa.delete(FailedSignIn).where(tried))
    for table in (Membership, CategoryManager, Message, MessageChoice):
        session.execute(sa.delete(table).where(table.user_id == person.id))
    session.execute(sa.update(Person).where(Person.account_id == person.id).values(account_id=None))
    sign_ins.end_all(session, person)
    # No account can be given a name with a space in it, so this one is nobody's.
    person.username = f"removed {person.id}"
    person.email = person.first_name = person.last_name = ""
    person.password_hash = person.signed_in_at = None
    person.role, person.active = SiteRole.MEMBER, False
    person.wants_bell = person.wants_mail = False
    person.removed_at = utc_now()


def _managed_alone(person_id: int) -> sa.Select[Course]:
    """The courses that nobody but the person manages or edits."""
    editors = (CourseRole.MANAGER, CourseRole.EDITING_TEACHER)
    mine = sa.select(Membership.course_id).where(
        Membership.user_id == person_id, Membership.role.in_(editors)
    )
    others = sa.select(Membership.course_id).where(
        Membership.user_id != person_id, Membership.role.in_(editors)
    )
    return sa.select(Course).where(Course.id.in_(mine), Course.id.not_in(others))


def _count(*which: sa.ColumnElement[bool]) -> int:
    return db.session.scalars(sa.select(sa.func.count()).where(*which)).one()
