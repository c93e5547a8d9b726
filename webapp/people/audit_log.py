"""Reads the audit log: what somebody looks for in it, a page at a time or all of it as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.audit import note
from webapp.access.directory import find_account
from webapp.access.memberships import ROLE_WORDS
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import AuditEntry, User
from webapp.notices.events import EVENTS
from webapp.pages.fields import is_usual
from webapp.pages.paging import Page, page_of
from webapp.people.course_rights import ADMINS_ONLY, RIGHT_WORDS
from webapp.people.operations import CHANGEABLE
from webapp.people.removal import HANDED_OVER
from webapp.site_settings import SETTINGS

#: So many are read at once for a table: nobody's writing waits for one that takes long to send.
BATCH = 500
#: What the log says in our words, in English, with the words as they are read.
_DETAILS = {
    word: word
    for word in (
        *CHANGEABLE.values(),
        *ROLE_WORDS.values(),
        ADMINS_ONLY,
        HANDED_OVER,
        _l("section"),
        _l("activity"),
        _l("by the rules"),
        _l("deleted"),
        _l("grades"),
        _l("made"),
        _l("renamed"),
    )
} | ROLE_WORDS
_RIGHTS = {title: title for title, _means in RIGHT_WORDS.values()}
#: What was changed, as people read it, by what was done and by how the log names it.
_TITLES: dict[str, Mapping[str, str]] = {
    "rights changed": _RIGHTS,
    "setting changed": {name: one.label for name, one in SETTINGS.items()}
    | {"automatic backups": _l("automatic backups")},
    "wording changed": {name: event.title for name, event in EVENTS.items()},
}
COLUMNS = ("when", "who", "user_name", "admin_behind", "action", "kind", "what", "detail", "course")


@dataclass(frozen=True)
class Deed:
    """One line of the log in words."""

    at: datetime
    who: str
    user_name: str
    #: The admin who was signed in as them, or nothing.
    behind: str
    action: str
    kind: str
    about: str
    about_id: int | None
    detail: str
    #: The same as people read it.
    more: str
    course: str
    course_id: int | None


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for, as they typed it."""

    person: str = ""
    course: str = ""
    action: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        return cls(**{name: query.get(name, "").strip() for name in cls.__dataclass_fields__})

    def as_query(self) -> dict[str, str]:
        """What stands in an address for it."""
        return {
            name: typed for name, typed in vars(self).items() if typed and name in self.__dataclass_fields__
        }

    @cached_property
    def account(self) -> User | None:
        return find_account(self.person) if self.person else None

    @property
    def faults(self) -> dict[str, str]:
        """What of it can't be looked for, by the name of the field."""
        found = {}
        if self.person and self.account is None:
            found["person"] = _("Nobody here has this user name or mail address.")
        for name in ("since", "until"):
            if (typed := getattr(self, name)) and _day(typed) is None:
                found[name] = _("A day is written like 2026-11-24.")
        return found

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.person:
            person_id = self.account.id if self.account else 0
            about = (AuditEntry.kind == "person") & (AuditEntry.thing_id == person_id)
            yield (AuditEntry.user_id == person_id) | (AuditEntry.behind_id == person_id) | about
        for word in self.course.split():
            yield AuditEntry.course_title.icontains(word, autoescape=True)
        if self.action:
            yield AuditEntry.action == self.action
        if day := _day(self.since):
            yield AuditEntry.at >= _midnight(day)
        if day := _day(self.until):
            yield AuditEntry.at < _midnight(day + timedelta(days=1))


def find_deeds(wanted: Wanted, number: int) -> tuple[Page[AuditEntry], list[Deed]]:
    """A page of the log, newest first."""
    page = page_of(_entries(wanted).order_by(AuditEntry.id.desc()), number)
    return page, _in_words(page.rows)


def all_deeds(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """The rows of a table of COLUMNS, newest first."""
    last = None
    while True:
        found = _entries(wanted).order_by(AuditEntry.id.desc()).limit(BATCH)
        entries = db.session.scalars(found.where(AuditEntry.id < last) if last else found).all()
        for deed in _in_words(entries):
            at = deed.at.astimezone(UTC).isoformat(timespec="seconds")
            yield (at, deed.who, deed.user_name, deed.behind, deed.action, deed.kind, deed.about, deed.detail,
                   deed.course)  # fmt: skip
        if len(entries) < BATCH:
            return
        last = entries[-1].id
        db.session.rollback()


def note_export(action: str) -> None:
    """Write down that a list of people or of deeds was taken away."""
    with write_transaction() as session:
        note(session, action)


def _entries(wanted: Wanted) -> sa.Select[AuditEntry]:
    found = sa.select(AuditEntry).options(joinedload(AuditEntry.user), joinedload(AuditEntry.behind))
    return found.where(*wanted.conditions())


def _in_words(entries: Sequence[AuditEntry]) -> list[Deed]:
    """People by the names that they have now: the log itself keeps none."""
    numbers = {one.thing_id for one in entries if one.kind == "person"}
    named = db.session.scalars(sa.select(User).where(User.id.in_(numbers))) if numbers else ()
    names = {user.id: user.name for user in named}
    return [
        Deed(
            at=one.at, who=one.user.name if one.user else _("The program"), action=one.action, kind=one.kind,
            user_name=one.user.username if one.user else "", behind=one.behind.name if one.behind else "",
            about=names.get(one.thing_id or 0, "") if one.kind == "person" else _title(one), about_id=one.thing_id,
            detail=one.detail, more=_more(one), course=one.course_title, course_id=one.course_id,
        )
        for one in entries
    ]  # fmt: skip


def _title(one: AuditEntry) -> str:
    return str(_TITLES.get(one.action, {}).get(one.title, one.title))


def _more(one: AuditEntry) -> str:
    if one.action.startswith("category manager"):
        return one.detail  # the name of the category
    return ", ".join(str(_DETAILS.get(part, part)) for part in one.detail.split(", "))


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if is_usual(day) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
