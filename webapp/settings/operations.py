"""Reads and changes the settings of the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from jobs.language import gettext as _
from jobs.language.sizes import size
from jobs.steps.room import room_left
from webapp.access.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.job_requests.quotas import quota_of_site
from webapp.models import AuditEntry, Setting, User, get_setting, set_setting
from webapp.settings.look import forget_other_logos, keep_logo
from webapp.site_settings import SETTINGS, Declared, Group

#: What a change of a setting is called in the audit log.
CHANGED = "setting changed"
#: So many earlier changes of a setting are shown beside it; the audit log has the rest.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Change:
    """One change of a setting: when, by whom where that is known, from what to what."""

    at: datetime
    by: str
    says: str


@dataclass
class Standing:
    """How a setting stands: its value, the last change, and those before it that the log still knows."""

    declared: Declared
    value: Any
    changed_at: datetime | None = None
    changed_by: str = ""
    history: list[Change] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.value != self.declared.default)


def values_of(names: Iterable[str]) -> dict[str, Any]:
    """The values in force; a text that came with the program in the language that is spoken."""
    values = {name: get_setting(name) for name in names}
    return {name: str(value) if isinstance(value, str) else value for name, value in values.items()}


def how_they_stand(settings: Iterable[Declared]) -> dict[str, Standing]:
    """How each of these settings stands, by its name."""
    found = {one.name: Standing(one, get_setting(one.name)) for one in settings}
    rows = sa.select(Setting, User).outerjoin(User, User.id == Setting.changed_by_id)
    for setting, user in db.session.execute(rows.where(Setting.name.in_(found))):
        standing = found[setting.name]
        standing.changed_at, standing.changed_by = setting.changed_at, user.name if user else ""
    for name, change in _noted(list(found)):
        if len(found[name].history) < MOST_SHOWN:
            found[name].history.append(change)
    return found


def _noted(names: list[str]) -> list[tuple[str, Change]]:
    """What the audit log knows of these settings, newest first."""
    entries = sa.select(AuditEntry, User).outerjoin(User, User.id == AuditEntry.user_id)
    wanted = (AuditEntry.action == CHANGED) & AuditEntry.title.in_(names) & (AuditEntry.detail != "")
    rows = db.session.execute(entries.where(wanted).order_by(AuditEntry.id.desc()).limit(200))
    return [(one.title, Change(one.at, user.name if user else "", one.detail)) for one, user in rows]


def notes_on(group: Group) -> dict[str, str]:
    """What an admin should know now before changing a setting, by its name."""
    names = {one.name for one in group.settings}
    notes = {}
    if "site_quota_mb" in names:
        notes["site_quota_mb"] = _("They take %(used)s now.", used=size(quota_of_site(db.session()).used))
    if "spare_mb" in names:
        notes["spare_mb"] = _("There are %(size)s beside that now.", size=size(room_left()))
    return notes


def change_settings(chosen: dict[str, Any], by: User | None) -> bool:
    """Keep what differs from before; false if nothing does. Counts at once, in every process.

    `by` is None for a change at the command line.
    """
    by_id = by.id if by else None
    with write_transaction() as session:
        before = values_of(chosen)
        changed = {name: value for name, value in chosen.items() if value != before[name]}
        for name, value in changed.items():
            say = SETTINGS[name].kind.in_words
            note(session, CHANGED, title=name, detail=f"{say(before[name])} → {say(value)}")
            set_setting(name, value, by=by_id)
        if "logo" in changed:
            session.flush()
            forget_other_logos(session)
    return bool(changed)


def change_logo(body: bytes, by: User) -> None:
    """Have this picture as the logo. Raises LogoRefused."""
    with write_transaction() as session:
        logo = keep_logo(session, body)
    change_settings({"logo": logo}, by)
