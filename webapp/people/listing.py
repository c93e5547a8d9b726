"""Finds people in the list of accounts, a page at a time or all of them as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

import sqlalchemy as sa

from jobs.language import lazy_gettext as _l
from webapp.extensions import db
from webapp.models import SiteRole, User
from webapp.pages.searching import have_words
from webapp.people.course_roles import roles_of

PAGE_SIZE = 50
#: So many are read at once for a table.
BATCH = 500
#: What one may look for beside words and role, and how it reads.
STATES = {"active": _l("May sign in"), "off": _l("Switched off"), "never": _l("Never signed in")}
#: The columns of a table; a list of people that is brought in may have them all.
COLUMNS = ("username", "email", "first_name", "last_name", "role", "active", "courses", "last_signed_in")


@dataclass(frozen=True)
class Wanted:
    """Whom somebody looks for."""

    #: Words, each of which stands in a name or the address.
    q: str = ""
    role: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        """What an address asks for; a role or state that there is not is left out."""
        role, state = query.get("role", ""), query.get("state", "")
        return cls(
            query.get("q", "").strip(),
            role if role in list(SiteRole) else "",
            state if state in STATES else "",
        )

    def as_query(self) -> dict[str, str]:
        """What stands in an address for it."""
        return {name: typed for name, typed in vars(self).items() if typed}

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        yield User.removed_at.is_(None)
        yield from have_words(
            self.q, User.first_name + " " + User.last_name + " " + User.username + " " + User.email
        )
        if self.role:
            yield User.role == SiteRole(self.role)
        if self.state:
            yield User.active.is_not(self.state == "off")
        if self.state == "never":
            yield User.signed_in_at.is_(None)


@dataclass(frozen=True)
class Listing:
    """One page of the people that were looked for."""

    people: list[User]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def find_people(wanted: Wanted, page: int) -> Listing:
    """A page of those who are looked for, by last name."""
    by_name = (sa.func.lower(User.last_name), sa.func.lower(User.first_name), User.id)
    # One walk through the names for the count and the page: looking into each twice is what would take time.
    numbers = db.session.scalars(sa.select(User.id).where(*wanted.conditions()).order_by(*by_name)).all()
    page = min(max(1, page), max(1, -(-len(numbers) // PAGE_SIZE)))
    shown = numbers[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    people = db.session.scalars(sa.select(User).where(User.id.in_(shown)).order_by(*by_name)).all()
    return Listing(list(people), len(numbers), page)


def all_people(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """The rows of a table of COLUMNS, in the order in which the accounts were made."""
    last = 0
    while True:
        found = sa.select(User).where(*wanted.conditions(), User.id > last).order_by(User.id).limit(BATCH)
        people = db.session.scalars(found).all()
        courses = roles_of(db.session(), people)
        yield from (_row(one, courses.get(one.id, "")) for one in people)
        if len(people) < BATCH:
            return
        last = people[-1].id
        db.session.rollback()


def _row(user: User, courses: str) -> tuple[object, ...]:
    active = "yes" if user.active else "no"
    at = user.signed_in_at.astimezone(UTC).isoformat(timespec="minutes") if user.signed_in_at else ""
    return (user.username, user.email, user.first_name, user.last_name, user.role, active, courses, at)
