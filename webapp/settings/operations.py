"""Reads and changes the settings of the site."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from webapp.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Setting, User, get_setting, set_setting
from webapp.models.setting import DEFAULTS


def all_settings() -> dict[str, Any]:
    """Every setting with its value in force."""
    return {name: get_setting(name) for name in DEFAULTS}


def last_changes() -> dict[str, tuple[Setting, User | None]]:
    """For each setting that was ever changed: the row, and who changed it last."""
    rows = sa.select(Setting, User).outerjoin(User, User.id == Setting.changed_by_id)
    return {setting.name: (setting, user) for setting, user in db.session.execute(rows)}


def change_settings(chosen: dict[str, Any], by: User) -> bool:
    """Keep what differs from before; false if nothing does. Counts at once, in every process."""
    by_id = by.id
    with write_transaction() as session:
        changed = {name: value for name, value in chosen.items() if value != get_setting(name)}
        for name, value in changed.items():
            set_setting(name, value, by=by_id)
            note(session, "setting changed", title=name)
    return bool(changed)
