"""The first hour with a new installation: what makes it ready for a school, and what of that is done."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jobs.language import gettext as _
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, Message, Schedule, Setting, User, utc_now
from webapp.sample import sample_shortnames

TEXTS = Path(__file__).with_name("first_steps.toml")


@dataclass(frozen=True)
class Step:
    """One thing to do: `deed` is the link to `endpoint`, where it is done; `group` names the page of the settings."""

    title: str
    text: str
    deed: str
    endpoint: str
    is_done: bool
    group: str | None = None


def all_steps() -> list[Step]:
    """The steps in the order in which they are best taken. Each asks the tables whether it is done."""
    signs = _signs()
    return [_step(words, _exists(signs[name])) for name, words in _texts().items()]


def _step(words: dict[str, str], is_done: bool) -> Step:
    said = {name: _(words[name]) for name in ("title", "text", "deed")}
    return Step(**said, endpoint=words["endpoint"], group=words.get("group"), is_done=is_done)


def open_steps(user: User) -> list[Step]:
    """All steps, for an admin who has some to take and did not put the guide away; else none."""
    if not user.is_admin or user.guide_closed_at is not None:
        return []
    steps = all_steps()
    return [] if all(step.is_done for step in steps) else steps


def close_guide(user: User) -> None:
    """Show the steps to this admin no longer on the page of courses."""
    with write_transaction() as session:
        session.execute(sa.update(User).where(User.id == user.id).values(guide_closed_at=utc_now()))


def _signs() -> dict[str, sa.Select[Any]]:
    """For each step the rows of which one shows that it is done."""
    return {
        "name": sa.select(Setting.name).where(Setting.name == "site_name"),
        "mail": sa.select(Message.id).where(Message.mailed_at.is_not(None)),
        "background": sa.select(Setting.name).where(Setting.name == "async_jobs"),
        "people": sa.select(User.id).where(User.removed_at.is_(None)).offset(1),
        "course": sa.select(Course.id).where(Course.shortname.not_in(sample_shortnames())),
        "automatic": sa.select(Schedule.id).where(Schedule.active),
    }


def _exists(rows: sa.Select[Any]) -> bool:
    return db.session.execute(rows.limit(1)).first() is not None


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(TEXTS.read_text("utf-8"))
