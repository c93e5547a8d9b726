"""What can be done about signing in and about one's own account."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from webapp.access import sign_ins
from webapp.access.audit import note
from webapp.access.directory import Refused, find_account, is_email_taken
from webapp.access.invitations import RESET, Purpose, read_token, write_mail
from webapp.access.passwords import check_password, hash_password, is_outdated, refuse_weak
from webapp.accounts.tries import count_try, forget_tries
from webapp.database import write_transaction
from webapp.models import User

log = logging.getLogger(__name__)


class LinkSpent(Exception):
    """The link was used meanwhile, or has ended."""


def check_sign_in(typed: str, password: str, *, address: str) -> User | None:
    """The person whose name and password these are; None for any other answer.

    Takes the same time and says the same whether there is such an account or not.
    Raises TooManyTries.
    """
    user = find_account(typed)
    with write_transaction() as session:
        count_try(session, _account_name(user, typed), address)
    is_right = check_password(user.password_hash if user else None, password)
    if user is None or not is_right or not user.active or not user.password_hash:
        log.warning("a sign-in failed")
        return None
    better = hash_password(password) if is_outdated(user.password_hash) else user.password_hash
    with write_transaction() as session:
        forget_tries(session, user.username)
        user.password_hash = better
    return user


def sends_mail() -> bool:
    """Whether mails leave this site; else they go to a folder that only admins see."""
    return bool(current_app.config["MAIL_SERVER"])


def ask_for_reset(typed: str, *, address: str) -> None:
    """Mail a link to a new password, if there is an account that can have one.

    Does not tell whether there is. It counts as a try, so that nobody can fill a mailbox; and
    no worker is told of the mail's job, because an answer that takes longer would tell as well:
    the sweep finds it within seconds. Raises TooManyTries.
    """
    user = find_account(typed)
    with write_transaction() as session:
        count_try(session, _account_name(user, typed), address)
        if user is not None and user.active and user.password_hash and user.email:
            write_mail(session, user, RESET)


def set_password_by_link(token: str, purpose: Purpose, password: str) -> User:
    """Set the password of the link's owner and spend the link. Raises LinkSpent, WeakPassword."""
    user = read_token(token, purpose)
    if user is None:
        raise LinkSpent
    refuse_weak(password, user.username)
    hashed = hash_password(password)
    with write_transaction() as session:
        user = read_token(token, purpose)
        if user is None:
            raise LinkSpent
        _set_password(session, user, hashed)
    return user


def change_password(user: User, current: str, new: str, *, address: str) -> User:
    """Change one's own password, which ends all sessions; returns the account for a new one.

    Raises Refused if the current one is wrong, WeakPassword and TooManyTries.
    """
    _check_own_password(user, current, "current_password", address)
    refuse_weak(new, user.username)
    hashed = hash_password(new)
    with write_transaction() as session:
        account = session.get_one(User, user.id)
        _set_password(session, account, hashed)
    return account


def change_account(user: User, changes: dict[str, Any], password: str, *, address: str) -> None:
    """Change one's own name and address.

    A new address needs the password, because a link to a new password can go there.
    Raises Refused and TooManyTries.
    """
    if changes["email"] != user.email:
        _check_own_password(user, password, "password", address)
    with write_transaction() as session:
        if changes["email"] and is_email_taken(changes["email"], but=user.id):
            raise Refused({"email": _("Another account here has this address.")})
        session.execute(sa.update(User).where(User.id == user.id).values(**changes))


def end_device(user: User, sign_in_id: int) -> bool:
    """Sign one of the person's browsers out; false if it was already."""
    with write_transaction() as session:
        is_ended = sign_ins.end(session, user, sign_in_id)
        if is_ended:
            note(session, "signed out elsewhere")
    return is_ended


def end_other_devices(user: User, sign_in_id: int) -> None:
    """Sign the person out everywhere but with this sign-in."""
    with write_transaction() as session:
        sign_ins.end_all(session, user, but=sign_in_id)
        note(session, "signed out elsewhere")


def _account_name(user: User | None, typed: str) -> str:
    """What tries are counted under: the same for a user name and its mail address."""
    return user.username if user else typed.strip().lower()


def _check_own_password(user: User, password: str, field: str, address: str) -> None:
    with write_transaction() as session:
        count_try(session, user.username, address)
    if not check_password(user.password_hash, password):
        raise Refused({field: _("This is not your password.")})
    with write_transaction() as session:
        forget_tries(session, user.username)


def _set_password(session: Session, user: User, hashed: str) -> None:
    user.password_hash = hashed
    sign_ins.end_all(session, user)
    forget_tries(session, user.username)
