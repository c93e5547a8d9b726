"""Begins, finds and ends sign-ins. A cookie holds nothing but a token; the row is the truth."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from webapp.database import write_if_free
from webapp.extensions import db
from webapp.models import SignIn, User, utc_now
from webapp.models.user import new_session_key

#: How exact it is known when somebody was last here: so seldom a page that is read writes anything.
SEEN_EVERY = timedelta(hours=1)


def begin(session: Session, user: User, browser: str, *, behind: SignIn | None = None) -> str:
    """Begin a sign-in with a token of its own, which is returned for the cookie; the caller commits.

    `behind` is that of an admin who looks as the person: then it is no visit of theirs.
    """
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_hash(token), user_id=user.id, browser=browser,
                       behind_id=behind.id if behind else None))  # fmt: skip
    if behind is None:
        user.signed_in_at = utc_now()
    return token


def find(token: str) -> SignIn | None:
    """The sign-in of this token with its people, if it still holds; one question to the database.

    Looking as somebody ends when the admin behind is none any more, and when the other becomes one.
    """
    found = db.session.execute(_with_people(), {"token": _hash(token)}).scalar_one_or_none()
    if found is None or not found.user.active:
        return None
    if found.behind_id is None:
        return found
    behind = found.behind.user if found.behind else None
    return found if behind and may_look_as(found.user, behind) else None


@cache
def _with_people() -> sa.Select[SignIn]:
    """The question for one sign-in, put together once: every request asks it."""
    own, admin = aliased(SignIn), aliased(User)
    return (
        sa.select(SignIn)
        .join(SignIn.user)
        .outerjoin(SignIn.behind.of_type(own))
        .outerjoin(own.user.of_type(admin))
        .options(contains_eager(SignIn.user))
        .options(contains_eager(SignIn.behind.of_type(own)).contains_eager(own.user.of_type(admin)))
        .where(SignIn.token_hash == sa.bindparam("token"))
    )


def may_look_as(user: User, admin: User) -> bool:
    """Whether the admin may sign in as the person: never as another admin, to act under that name."""
    return admin.is_admin and admin.active and user.active and not user.is_admin


def devices_of(user: User) -> list[SignIn]:
    """Where the person is signed in, the newest visit first."""
    own = (SignIn.user_id == user.id) & SignIn.behind_id.is_(None)
    return list(
        db.session.scalars(sa.select(SignIn).where(own).order_by(SignIn.seen_at.desc(), SignIn.id.desc()))
    )


def end(session: Session, user: User, sign_in_id: int) -> bool:
    """End one sign-in of the person; false if it has ended already."""
    own = (SignIn.id == sign_in_id) & (SignIn.user_id == user.id)
    gone = session.execute(sa.delete(SignIn).where(own))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def end_all(session: Session, user: User, *, but: int | None = None) -> None:
    """Sign the person out everywhere but in one sign-in; links to a password that are on their way end too."""
    session.execute(sa.delete(SignIn).where(SignIn.user_id == user.id, SignIn.id != (but or 0)))
    user.session_key = new_session_key()


def note_seen(sign_in_id: int) -> None:
    """Write down that the person is here. Where somebody else is writing it waits for the next page."""
    write_if_free(sa.update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=utc_now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
