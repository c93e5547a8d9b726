"""The accounts of the site as a directory: finding one, and the rules for names and addresses."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from jobs.language import gettext as _
from webapp.extensions import db
from webapp.models import User

#: So many people of one name are told apart for whoever has typed it.
MOST_NAMESAKES = 5
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


def the_account(typed: str) -> User:
    """The account that a user name, a mail address or a whole name stands for. Raises Refused, about `who`."""
    found = find_account(typed)
    if found is not None:
        return found
    whole = sa.func.lower(User.first_name + " " + User.last_name)
    names = {" ".join(typed.split()).lower()}
    called = sa.select(User).where(whole.in_(names), User.removed_at.is_(None)).limit(MOST_NAMESAKES + 1)
    namesakes = db.session.scalars(called.order_by(User.username)).all()
    if len(namesakes) == 1:
        return namesakes[0]
    if not namesakes:
        raise Refused({"who": _("Nobody here has this user name, mail address or full name.")})
    names_of_some = ", ".join(user.username for user in namesakes[:MOST_NAMESAKES])
    raise Refused(
        {
            "who": _(
                "Several people are called so. Type the user name of the one: %(names)s.",
                names=names_of_some,
            )
        }
    )


def username_fault(username: str) -> str:
    """What is wrong with the shape of a user name, in a sentence; empty if nothing is."""
    if _USERNAME.fullmatch(username):
        return ""
    return _("A user name has small letters, digits and . _ - @ only, and no more than 100 of them.")


def email_fault(email: str) -> str:
    """What is wrong with the shape of a mail address, in a sentence; empty if nothing is."""
    if len(email) <= 254 and _EMAIL.fullmatch(email):
        return ""
    return _("This does not look like a mail address. One looks like nadia@school.example.")


def is_email_taken(email: str, *, but: int | None = None) -> bool:
    """Whether another account than `but` has the address, however its letters are written."""
    found = sa.select(User.id).where(_has_email(email), User.id != (but or 0)).limit(1)
    return db.session.execute(found).first() is not None


def _has_email(email: str) -> sa.ColumnElement[bool]:
    return sa.and_(User.email != "", sa.func.lower(User.email) == email.lower())
