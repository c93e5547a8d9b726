"""How much room stored backups may take, of one person and of all, and how much they take.

A person's are those that they had made, and files that they brought as long as a restore needs them. Automatic
backups are nobody's; they count for the site alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from jobs.language.sizes import size as in_words
from jobs.problems import JobRefused
from webapp.job_requests.busy import needed_by_a_restore
from webapp.models import ArchiveFile, ArchiveOrigin, get_setting


@dataclass(frozen=True)
class Quota:
    """Bytes that are used, and that may be used; 0 allows any number."""

    used: int
    allowed: int

    @property
    def is_nearly_full(self) -> bool:
        return bool(self.allowed) and self.used * 10 >= self.allowed * 9

    def has_room_for(self, more: int) -> bool:
        return not self.allowed or self.used + more <= self.allowed


def quota_of(session: Session, user_id: int) -> Quota:
    """What one person uses."""
    brought = (ArchiveFile.origin == ArchiveOrigin.UPLOAD) & needed_by_a_restore()
    mine = (ArchiveFile.owner_id == user_id) & ((ArchiveFile.origin == ArchiveOrigin.BACKUP) | brought)
    return Quota(_stored(session, mine), _allowed(session, "person_quota_mb"))


def quota_of_site(session: Session) -> Quota:
    """What all of them use together."""
    return Quota(_stored(session, sa.true()), _allowed(session, "site_quota_mb"))


def is_bounded(session: Session) -> bool:
    """Whether there is any limit to what stored backups may take."""
    return any(_allowed(session, name) for name in ("person_quota_mb", "site_quota_mb"))


def check_quotas(session: Session, more: int, what: str, *, user_id: int | None) -> None:
    """Raise JobRefused where so many bytes more are too many; `what` has them: "this file",
    "this backup" or "at the least, what is asked for".

    `user_id` is None for what counts as nobody's. With 0 bytes it asks whether there is any room at all.
    """
    if user_id is not None:
        mine = quota_of(session, user_id)
        if not mine.has_room_for(max(1, more)):
            raise JobRefused(
                _(
                    "Your backups take %(used)s of the %(allowed)s that you may use%(and_then)s. Delete backups "
                    "that you no longer need, or ask an admin for more room.",
                    used=in_words(mine.used), allowed=in_words(mine.allowed), and_then=_and_then(more, what),
                )
            )  # fmt: skip
    everybody = quota_of_site(session)
    if not everybody.has_room_for(max(1, more)):
        raise JobRefused(
            _(
                "All backups here take %(used)s of the %(allowed)s that the school keeps for them%(and_then)s. "
                "Delete backups that nobody needs, or ask an admin for more room.",
                used=in_words(everybody.used), allowed=in_words(everybody.allowed), and_then=_and_then(more, what),
            )
        )  # fmt: skip


def _and_then(more: int, what: str) -> str:
    if not more:
        return ""
    size = in_words(more)
    if what == "this file":
        return _(", and this file has %(size)s", size=size)
    if what == "at the least, what is asked for":
        return _(", and what you ask for has at least %(size)s", size=size)
    return _(", and this backup has %(size)s", size=size)


def _stored(session: Session, which: sa.ColumnElement[bool]) -> int:
    size = sa.func.coalesce(sa.func.sum(ArchiveFile.size), 0)
    return int(session.execute(sa.select(size).where(which)).scalar_one())


def _allowed(session: Session, name: str) -> int:
    return int(get_setting(name, session)) * 1_000_000
