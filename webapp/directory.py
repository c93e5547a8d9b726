"""The accounts of the site as a directory: finding one, and the rules for names and addresses."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from webapp.extensions import db
from webapp.models import User

_USERNAME = re.compile(r"[a-z0-9_.@-]{1,100}")
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@\w[\w.-]*")


class Refused(Exception):
    """What was asked can't be saved. `faults` says why, by the name of the field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults

    def mark(self, form: Any) -> None:
        """Put each sentence at its field of a form."""
        for name, sentence in self.faults.items():
            form[name].errors = [*form[name].errors, sentence]


def find_account(typed: str) -> User | None:
    """The account that a user name or a mail address stands for.

    None if there is none, and if two people share the address: it can't tell which is meant.
    """
    typed = typed.strip()
    named = db.session.scalars(sa.select(User).where(User.username.in_({typed, typed.lower()}))).all()
    if named:
        return min(named, key=lambda user: user.username != typed)
    reached = db.session.scalars(sa.select(User).where(_has_email(typed)).limit(2)).all()
    return reached[0] if len(reached) == 1 else None


def username_fault(username: str) -> str:
    """What is wrong with the shape of a user name, in a sentence; empty if nothing is."""
    if _USERNAME.fullmatch(username):
        return ""
    return "A user name has small letters, digits and . _ - @ only, and no more than 100 of them."


def email_fault(email: str) -> str:
    """What is wrong with the shape of a mail address, in a sentence; empty if nothing is."""
    if len(email) <= 254 and _EMAIL.fullmatch(email):
        return ""
    return "This does not look like a mail address. One looks like nadia@school.example."


def is_email_taken(email: str, *, but: int | None = None) -> bool:
    """Whether another account than `but` has the address, however its letters are written."""
    found = sa.select(User.id).where(_has_email(email), User.id != (but or 0)).limit(1)
    return db.session.execute(found).first() is not None


def _has_email(email: str) -> sa.ColumnElement[bool]:
    return sa.and_(User.email != "", sa.func.lower(User.email) == email.lower())
