"""Puts question banks that come in as activities into the bank of a course whose Moodle has no such activities."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole
from jobs.archive.manifest import Manifest
from jobs.archive.questions.banks import BANK, FIRST_WITH_BANKS, Folding
from jobs.archive.xml import pack, unpack
from jobs.language import ngettext
from jobs.progress import Run
from jobs.steps.building.versions import Built
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import course_document, origin_of_archive
from webapp.database import separate_write
from webapp.models import Activity, Block, CourseFile, CourseVersion, Document, Record, Section


def folding_for(manifest: Manifest, version: CourseVersion) -> Folding | None:
    """Which banks of an archive become part of the course's; None where none has to.

    A course made here is written for a Moodle that knows all that is in it.
    """
    written = (version.manifest.get("information") or {}).get("backup_version", "")
    if whole(written, FIRST_WITH_BANKS) >= FIRST_WITH_BANKS:
        return None
    banks = {one.moduleid: one.title for one in manifest.activities if one.modulename == BANK}
    origin = origin_of_archive(manifest)
    return Folding(banks, origin.course_id, origin.context_id) if banks else None


def sentence(folding: Folding) -> str:
    """What to tell of it."""
    return ngettext(
        "%(num)s question bank becomes part of the course’s own: the course’s Moodle knows no banks that are "
        "activities.",
        "%(num)s question banks become part of the course’s own: the course’s Moodle knows no banks that are "
        "activities.",
        len(folding.banks),
    )


def fold(run: Run, built: Built, folding: Folding) -> set[int]:
    """Carry it out in a version that comes in; returns the contexts that now stand for the course's."""
    contexts: set[str] = set()
    with separate_write() as session:
        run.hold(session)
        document = course_document(session, built.version_id, QUESTIONS)
        if document is not None:
            root = unpack(document.skeleton)
            contexts = folding.apply(QUESTIONS, root)
            document.skeleton = pack(root)
        gone = _Gone.of(session, built.version_id, folding.banks)
        gone.delete(session)
        built.counts["activities"] -= len(gone.activities)
    run.warn(sentence(folding))
    return {int(one) for one in contexts if one.isdigit()} | gone.contexts


@dataclass(frozen=True)
class _Gone:
    """Activities that are taken out of a version, with all that is theirs but questions."""

    version_id: int
    modules: frozenset[int]
    activities: frozenset[int]
    contexts: frozenset[int]

    @classmethod
    def of(cls, session: Session, version_id: int, modules: Collection[int]) -> _Gone:
        found = sa.select(Activity).where(
            Activity.version_id == version_id, Activity.type == BANK, Activity.moodle_id.in_(modules)
        )
        rows = session.scalars(found).all()
        return cls(
            version_id, frozenset(row.moodle_id for row in rows), frozenset(row.id for row in rows),
            frozenset(row.context_id for row in rows),
        )  # fmt: skip

    def delete(self, session: Session) -> None:
        blocks = sa.select(Block.id).where(Block.activity_id.in_(self.activities))
        theirs = Document.activity_id.in_(self.activities) | Document.block_id.in_(blocks)
        documents = sa.select(Document.id).where(theirs)
        files = (CourseFile.version_id == self.version_id) & CourseFile.context_id.in_(self.contexts)
        session.execute(sa.delete(Record).where(Record.document_id.in_(documents)))
        session.execute(sa.delete(Document).where(theirs))
        session.execute(sa.delete(Block).where(Block.activity_id.in_(self.activities)))
        session.execute(sa.delete(CourseFile).where(files, CourseFile.component == f"mod_{BANK}"))
        session.execute(sa.delete(Activity).where(Activity.id.in_(self.activities)))
        self._take_out_of_lists(session)

    def _take_out_of_lists(self, session: Session) -> None:
        """Sections list their activities by number."""
        of_sections = sa.select(Document).join(Section, Document.section_id == Section.id)
        of_sections = of_sections.where(Section.version_id == self.version_id, Document.name == "section.xml")
        away = {str(one) for one in self.modules}
        for document in session.scalars(of_sections):
            root = unpack(document.skeleton)
            for leaf in root.iterchildren("sequence"):
                listed = (leaf.text or "").split(",")
                leaf.text = ",".join(one for one in listed if one not in away)
            document.skeleton = pack(root)
