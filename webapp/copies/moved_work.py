"""What people did in a section or an activity that is to be moved: how much of it there is, and whose goes along."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from jobs.engine.moving import EVERYBODY, SHARED, Moved, look_at_work, may_move_work
from jobs.language import gettext as _, ngettext
from jobs.steps.selecting.parts import Selection
from webapp.extensions import db
from webapp.job_requests.inclusion import may_copy_people
from webapp.models import Course, CourseFile, Document, Record, User

#: What is written down about people without their doing anything.
_ON_THE_SIDE = ("logs.xml", "logstores.xml", "grade_history.xml", "roles.xml")
#: More entries than this are gone through only for somebody who asks: it takes seconds.
QUICKLY_READ = 1000


@dataclass(frozen=True)
class Amount:
    """Attempts, posts, hand-ins, grades and the like, and the files of people."""

    entries: int
    files: int

    def __bool__(self) -> bool:
        return bool(self.entries or self.files)

    @property
    def words(self) -> str:
        counted = (
            (self.entries, ngettext("%(num)s entry", "%(num)s entries", self.entries)),
            (self.files, ngettext("%(num)s file", "%(num)s files", self.files)),
        )
        return ", ".join(words for count, words in counted if count)


@dataclass(frozen=True)
class Outlook:
    """What there is, why it can't go along or "", and what becomes of it; None as long as that was not read."""

    amount: Amount
    hindrance: str
    shared: Moved | None = None
    everybody: Moved | None = None

    @property
    def proposed(self) -> str:
        """What is chosen until somebody chooses otherwise: "" leaves all of it."""
        if self.hindrance or not self.amount or (self.shared is not None and not self.shared.work.comes):
            return ""
        return SHARED


def outlook(selection: Selection, source: Course, target: Course, user: User, *, thoroughly: bool) -> Outlook:
    """Look at what was selected of the source; `thoroughly` also where there is much of it."""
    amount, hindrance = _amount(selection), hindrance_to(user, source, target)
    if hindrance or not amount or (amount.entries > QUICKLY_READ and not thoroughly):
        return Outlook(amount, hindrance)
    shared = look_at_work(db.session(), selection, target, SHARED)
    everybody = look_at_work(db.session(), selection, target, EVERYBODY) if shared.work.stays else shared
    return Outlook(amount, "", shared, everybody)


def hindrance_to(user: User, source: Course, target: Course) -> str:
    """Why the person may not take along what people did; "" if they may."""
    if not may_copy_people(db.session()):
        return _("An admin has set that people stay out of backups and copies, so what they did stays too.")
    if not may_move_work(db.session(), user, source, target):
        return _("You may not see the people of both courses, so what they did stays.")
    return ""


def _amount(selection: Selection) -> Amount:
    """Count what people did in all that was selected."""
    activities = selection.activities
    theirs = Document.activity_id.in_([one.id for one in activities]) & Document.name.not_in(_ON_THE_SIDE)
    entries = sa.select(sa.func.count()).select_from(Record).join(Document, Record.document_id == Document.id)
    files = sa.select(sa.func.count()).where(
        CourseFile.version_id == selection.version.id, CourseFile.user_data, CourseFile.filename != ".",
        CourseFile.context_id.in_([one.context_id for one in activities]),
    )  # fmt: skip
    return Amount(
        db.session.scalars(entries.where(theirs, Record.user_data)).one(), db.session.scalars(files).one()
    )
