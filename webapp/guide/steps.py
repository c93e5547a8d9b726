"""The first hour with a new installation: what makes it ready for a school, and what of that is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app

from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, Message, Schedule, Setting, User, utc_now
from webapp.sample import sample_shortname


@dataclass(frozen=True)
class Step:
    """One thing to do: `deed` is the link to `endpoint`, where it is done."""

    title: str
    text: str
    deed: str
    endpoint: str
    is_done: bool


def all_steps() -> list[Step]:
    """The steps in the order in which they are best taken. Each asks the tables whether it is done."""
    return [
        Step(
            "Give the school its name",
            "It stands at the foot of every page and in every message.",
            "Name the school",
            "settings.show_settings",
            _is_set("site_name"),
        ),
        Step(
            "See whether mail arrives",
            _mail_text(),
            "Try the mail",
            "messages.list_mails",
            _exists(sa.select(Message.id).where(Message.mailed_at.is_not(None))),
        ),
        Step(
            "Let long work go on in the background",
            "With it, a teacher asks for a backup and goes on with other things. Without it, everybody waits "
            "on the page until the work is done. It is off until you decide.",
            "Decide on background work",
            "settings.show_settings",
            _is_set("async_jobs"),
        ),
        Step(
            "Let your colleagues in",
            "Make an account for each, or bring in a list as CSV. Each gets a link to choose a password with.",
            "Let people in",
            "people.list_people",
            _exists(sa.select(User.id).where(User.removed_at.is_(None)).offset(1)),
        ),
        Step(
            "Bring a course, or begin one",
            "A backup file from Moodle ends in .mbz. You see what is in it before anything happens, and one click "
            "takes a restore back. Or begin a course of your own from the list of courses.",
            "Bring a backup file",
            "backups.my_backups",
            _exists(sa.select(Course.id).where(Course.shortname != sample_shortname())),
        ),
        Step(
            "Have courses backed up by themselves",
            "Say on which days, where the backups go, and how long they are kept.",
            "Set up automatic backups",
            "automated.show_schedule",
            _exists(sa.select(Schedule.id).where(Schedule.active)),
        ),
    ]


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


def _mail_text() -> str:
    if current_app.config["MAIL_SERVER"]:
        return (
            "People are told by mail when their work is done. Send a test to yourself; the page shows what the "
            "mail server says."
        )
    return (
        "No mail server is set yet, so mails lie in a folder where you can read them. Its address goes into the file "
        "config.toml of this installation; then send a test to yourself."
    )


def _is_set(name: str) -> bool:
    return _exists(sa.select(Setting.name).where(Setting.name == name))


def _exists(found: sa.Select[Any]) -> bool:
    return db.session.execute(found.limit(1)).first() is not None
