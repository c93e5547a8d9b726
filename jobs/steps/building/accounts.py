"""Accounts of this site, and which people of a backup they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import User


@dataclass
class Accounts:
    """Found by user name and address, or by the name alone for those whom somebody has vouched for."""

    same_people: frozenset[str] = frozenset()
    _by_both: dict[tuple[str, str], int] = field(default_factory=dict)
    _by_name: dict[str, tuple[int, str]] = field(default_factory=dict)

    def of(self, username: str | None, email: str | None) -> int | None:
        """The account of a person. Another site's ids say nothing here, and an empty address nothing at all."""
        name = plain(username or "")
        found = self._by_both.get((name, plain(email or "")))
        if found is None and name in self.same_people and name in self._by_name:
            return self._by_name[name][0]
        return found

    def address_of(self, username: str) -> str | None:
        """The address of the account with this user name; None if there is no such account."""
        found = self._by_name.get(plain(username))
        return found[1] if found else None


def accounts_of(session: Session, same_people: frozenset[str] = frozenset()) -> Accounts:
    accounts = Accounts(same_people)
    for username, email, number in session.execute(sa.select(User.username, User.email, User.id)):
        accounts._by_name[plain(username)] = (number, email)
        if email:
            accounts._by_both[plain(username), plain(email)] = number
    return accounts


def plain(text: str) -> str:
    return text.strip().casefold()
