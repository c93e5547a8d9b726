"""What admins can do about accounts. The command line makes accounts with it too."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import Session

from jobs.language import gettext as _, lazy_gettext as _l
from jobs.nudges import nudge
from webapp.access import sign_ins
from webapp.access.audit import note
from webapp.access.directory import Refused, email_fault, is_email_taken, username_fault
from webapp.access.invitations import make_link, purpose_for, write_mail
from webapp.access.passwords import WeakPassword, hash_password, refuse_weak
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import SiteRole, User
from webapp.models.user import new_session_key

#: The site roles as people read them.
ROLE_WORDS = {SiteRole.MEMBER: _l("Member"), SiteRole.TEACHER: _l("Teacher"), SiteRole.ADMIN: _l("Admin")}


#: What may change of an account that is there, as people read it.
CHANGEABLE = {
    "email": _l("mail address"),
    "first_name": _l("first name"),
    "last_name": _l("last name"),
    "role": _l("role"),
    "active": _l("may sign in"),
}


@dataclass(frozen=True)
class Details:
    """What an admin says about somebody."""

    username: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    role: SiteRole = SiteRole.MEMBER
    #: Whether they may sign in.
    active: bool = True


def get_person(user_id: int) -> User:
    """Somebody who has an account; 404 for whoever is not there any more."""
    person = db.get_or_404(User, user_id)
    return person if person.removed_at is None else abort(404)


def add_person(details: Details, password: str | None = None) -> User:
    """Make an account; without a password it waits for an invitation. Raises Refused."""
    faults = shape_faults(details)
    if password is not None:
        faults |= _password_fault(password, details.username)
    if faults:
        raise Refused(faults)
    hashed = hash_password(password) if password is not None else None
    with write_transaction() as session:
        if taken := _taken(session, details, None):
            raise Refused(taken)
        user = User(**vars(details), password_hash=hashed)
        session.add(user)
        session.flush()
        note(session, "person made", user)
    return user


def change_person(user: User, details: Details, *, by: User) -> None:
    """Change somebody's account, all but the user name. Whom it shuts out is signed out. Raises Refused."""
    with write_transaction() as session:
        faults = shape_faults(details) | _taken(session, details, user)
        faults |= _standing_faults(session, user, details, by)
        if faults:
            raise Refused(faults)
        apply_changes(session, user, details)


def apply_changes(session: Session, user: User, details: Details) -> None:
    """Write what differs into the account and the log; the caller has checked it, and commits."""
    changed = what_changes(user, details)
    if not changed:
        return
    for name in changed:
        setattr(user, name, getattr(details, name))
    if "active" in changed and not user.active:
        sign_ins.end_all(session, user)
    note(session, "person changed", user, detail=", ".join(CHANGEABLE[name] for name in changed))


def link_for(user: User) -> str:
    """The address with which the person sets a password: it is made anew each time it is asked for."""
    return make_link(user, purpose_for(user))


def renew_link(user: User, *, by_mail: bool) -> None:
    """End the invitations that are on their way to somebody without a password; mail the new link if asked to.

    A link to a new password does not end others: the person may be signed in, and stays so.
    """
    with write_transaction() as session:
        if not user.password_hash:
            user.session_key = new_session_key()
        note(session, "password link made", user)
        job = write_mail(session, user, purpose_for(user)) if by_mail and user.email else None
    if job is not None:
        nudge(job.id, job.kind)


def what_changes(user: User, details: Details) -> list[str]:
    """What of an account would be another: some of CHANGEABLE."""
    return [name for name in CHANGEABLE if getattr(user, name) != getattr(details, name)]


def shape_faults(details: Details) -> dict[str, str]:
    """What is wrong with the words alone, by field."""
    faults = {}
    if fault := username_fault(details.username):
        faults["username"] = fault
    if details.email and (fault := email_fault(details.email)):
        faults["email"] = fault
    for name in ("first_name", "last_name"):
        if len(getattr(details, name)) > 100:
            faults[name] = _("A name has no more than 100 letters here.")
    return faults


def _password_fault(password: str, username: str) -> dict[str, str]:
    try:
        refuse_weak(password, username)
    except WeakPassword as weak:
        return {"password": str(weak)}
    return {}


def _taken(session: Session, details: Details, user: User | None) -> dict[str, str]:
    faults = {}
    if (
        user is None
        and session.scalars(
            sa.select(User.id).where(sa.func.lower(User.username) == details.username)
        ).first()
    ):
        faults["username"] = _("Somebody has this user name already.")
    if details.email and is_email_taken(details.email, but=user.id if user else None):
        faults["email"] = _("Another account here has this address.")
    return faults


def has_other_admin(session: Session, user: User) -> bool:
    """Whether there is an admin beside this person who can sign in."""
    others = sa.select(User.id).where(
        User.role == SiteRole.ADMIN, User.active, User.password_hash.is_not(None), User.id != user.id
    )
    return session.scalars(others.limit(1)).first() is not None


def _standing_faults(session: Session, user: User, details: Details, by: User) -> dict[str, str]:
    """Why an admin can't stop being one; asked inside the transaction, so that not two take each other out."""
    if not user.is_admin or (details.role == SiteRole.ADMIN and details.active):
        return {}
    field = "role" if details.role != SiteRole.ADMIN else "active"
    if user.id == by.id:
        return {field: _("You can’t take this away from yourself. Another admin can.")}
    if user.active and not has_other_admin(session, user):
        return {field: _("There must be an admin who can sign in, and this is the only one.")}
    return {}
