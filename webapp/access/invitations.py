"""Links with which somebody sets a password without having one: to begin with, or a new one.

A link is signed and ends by itself. It works once: it is bound to what the account is when
the link is made, and setting the password changes that.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, render_template
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from jobs.language import lazy_gettext as _l, speaking
from webapp.extensions import db
from webapp.models import Job, JobKind, Message, User, get_setting
from webapp.pages.languages import language_of
from webapp.pages.links import external_url


@dataclass(frozen=True)
class Purpose:
    """What a link is for; `name` is its salt, so that one kind never passes for the other."""

    name: str
    endpoint: str
    lasts: timedelta
    subject: str


INVITATION = Purpose(
    "invitation", "accounts.accept_invitation", timedelta(days=7), _l("Your account at {site_name}")
)
RESET = Purpose(
    "password_reset", "accounts.reset_password", timedelta(days=1), _l("A new password for {site_name}")
)


def purpose_for(user: User) -> Purpose:
    """An invitation for somebody who has no password yet, else a link to a new one."""
    return RESET if user.password_hash else INVITATION


def make_link(user: User, purpose: Purpose) -> str:
    """The whole address of a link for this person."""
    token = _signer(purpose).dumps([user.id, _mark(user)])
    return external_url(purpose.endpoint, token=token)


def read_token(token: str, purpose: Purpose) -> User | None:
    """Whose link it is; None if it is forged, too old, used, or the account is switched off."""
    try:
        user_id, mark = _signer(purpose).loads(token, max_age=int(purpose.lasts.total_seconds()))
    except BadData:
        return None
    user = db.session.get(User, user_id)
    if user is None or not user.active or not hmac.compare_digest(mark, _mark(user)):
        return None
    return user


def write_mail(session: Session, user: User, purpose: Purpose) -> Job:
    """Write the mail that brings the link, and the job that sends it; the caller commits and nudges.

    Sent whatever the person has chosen about messages: they asked for it, or can't choose yet.
    """
    with speaking(language_of(user, session)):
        message = _compose(user, purpose)
    session.add(message)
    session.flush()
    job = Job(kind=JobKind.MAIL, scope="message", target_id=message.id, user_id=user.id, title=user.email)
    session.add(job)
    session.flush()
    return job


def _compose(user: User, purpose: Purpose) -> Message:
    """The mail with the link, in the language that is spoken."""
    site_name = str(get_setting("site_name"))
    words = {"user": user, "link": make_link(user, purpose), "site_name": site_name, "lasts": purpose.lasts}
    return Message(
        user_id=user.id,
        event=purpose.name,
        subject=str(purpose.subject).format(site_name=" ".join(site_name.split())),
        text=render_template(f"mail/_{purpose.name}.txt", **words),
        html=render_template(f"mail/_{purpose.name}.html", **words),
        in_bell=False,
        by_mail=True,
    )


def _signer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"coursekeep.{purpose.name}")


def _mark(user: User) -> str:
    """What the account is now: another password, address or sign-out everywhere makes it another mark."""
    state = "\n".join((user.session_key, user.password_hash or "", user.email))
    return hashlib.sha256(state.encode()).hexdigest()[:32]
