"""Copies a version, or a part of it, into one that nothing points to yet.

It is composed as for a backup and taken in as by a restore, with no archive in between: so a copy holds
what a backup would, nothing else. Contents stay where they are, for they are named by their hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.containers.reader import Member
from jobs.archive.containers.spool import Spool
from jobs.language import gettext as _
from jobs.progress import Run, Step
from jobs.steps.batch import ROWS
from jobs.steps.building.contents import Contents
from jobs.steps.building.versions import Built, Taking, build_from
from jobs.steps.composing.courses import Composition
from jobs.steps.composing.documents import compose
from jobs.steps.manifests import make_manifest
from jobs.steps.room import check_room
from jobs.steps.selecting.parts import Selection, reading, rendered_bytes
from webapp import places
from webapp.database import separate_write, snapshot
from webapp.models import Course, CourseFile, Person


@dataclass(frozen=True)
class Original:
    """What is to be copied, in the moment that the copy sees."""

    course: Course
    selection: Selection
    #: What of the lists at the root of the course comes along.
    kind: type[Composition]
    #: The day to which its dates move with its beginning.
    start_date: date | None = None


def copy_version(run: Run, find: Callable[[Session], Original], last_step: str) -> Built:
    """Copy what `find` finds, as the first two steps of the run; the third, `last_step`, is the caller's."""
    with Spool(places.scratch()) as spool:
        with snapshot() as session:
            original = find(session)
            selection = original.selection
            size = rendered_bytes(session, selection)
            check_room(size, _("the copy"))
            run.plan(
                [Step(reading(selection.scope), size), Step(_("Writing the copy"), size), Step(last_step, 1)]
            )
            run.enter(1)
            composition = compose(session, original.course, selection, spool, run.advance, original.kind)
            people = composition.has_people
            manifest = make_manifest(original.course, selection, filename="", with_people=people)
            contents = Contents(_misnamed(session, selection))
            accounts = _accounts(session, selection.version.id)
        run.enter(2)
        taking = Taking(people=True, start_date=original.start_date)
        built = build_from(run, manifest, _Spooled(spool), taking, contents)
    _tie(run, built.version_id, accounts)
    return built


class _Spooled:
    """The documents in a spool as the members of an archive."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self.read_bytes = 0

    def __iter__(self) -> Iterator[Member]:
        for entry in self._spool.entries():
            member = Member(entry.name, entry.size, entry.open().read)
            yield member
            member.close()
            self.read_bytes += entry.size


def _misnamed(session: Session, selection: Selection) -> dict[str, str]:
    """The contents that are not what their hash promises: where their bytes lie all the same."""
    asked = sa.select(CourseFile.contenthash, CourseFile.stored_hash).where(
        CourseFile.version_id == selection.version.id, CourseFile.stored_hash != CourseFile.contenthash
    )
    return {named: stored for named, stored in session.execute(asked.distinct()) if stored}


def _accounts(session: Session, version_id: int) -> dict[int, int | None]:
    asked = sa.select(Person.moodle_id, Person.account_id).where(Person.version_id == version_id)
    return {row.moodle_id: row.account_id for row in session.execute(asked)}


def _tie(run: Run, version_id: int, accounts: dict[int, int | None]) -> None:
    """Tie people to the accounts that they have in the original, also where somebody had vouched for them."""
    with snapshot() as session:
        asked = sa.select(Person.id, Person.moodle_id, Person.account_id)
        rows = session.execute(asked.where(Person.version_id == version_id)).all()
    changes = [
        {"id": number, "account_id": accounts.get(moodle_id)}
        for number, moodle_id, account in rows
        if account != accounts.get(moodle_id)
    ]
    for start in range(0, len(changes), ROWS):
        with separate_write() as session:
            run.hold(session)
            session.execute(sa.update(Person), changes[start : start + ROWS])
