"""What a backup would hold, how large it would be, and how long it should take.

All of it comes from the rows of what goes in, of which no content is read. How far things shrink is a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jobs.language import gettext as _
from jobs.language.sizes import size as in_words
from jobs.steps.selecting.parts import Selection, documents_of, select, select_part
from webapp.content.choices import part_name
from webapp.estimates.times import seconds_for, usually
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Document, JobKind, Person, Record, Section

#: What remains of a byte, at least and at most: of documents, of files that shrink, and of others.
DOCUMENTS, SHRINKING, PDF, PACKED = (0.08, 0.3), (0.15, 1.0), (0.6, 1.0), (0.99, 1.0)
#: Bytes that each document and each file take besides; and what stands behind a zip (jobs.archive.containers.packing).
EACH, BEHIND_ZIP = (60, 130), 66_000
#: Types of files that are packed in themselves.
_PACKED = (
    "image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/", "application/zip",
    "application/x-zip", "application/gzip", "application/vnd.openxmlformats", "application/vnd.oasis",
    "application/epub",
)  # fmt: skip
#: Bytes of a file's entry in the list of files.
ENTRY = 900
#: So many records are weighed, and the others taken to be like them.
SAMPLE = 2000


@dataclass(frozen=True)
class Outlook:
    """What a backup would hold, and what it would cost; sizes in bytes."""

    sections: int
    activities: int
    files: int
    file_size: int
    people: int
    least: int
    most: int
    #: Seconds that it should take; None if nothing like it was done here yet.
    seconds: float | None

    @property
    def size_words(self) -> str:
        return about(self.least, self.most)

    @property
    def time_words(self) -> str:
        return usually(self.seconds)


@dataclass(frozen=True)
class _Files:
    """Contents of one type, each once."""

    type: str | None
    count: int
    size: int


@dataclass(frozen=True)
class _Documents:
    count: int
    size: int


def outlook_of(course: Course, options: dict[str, Any], part: Section | Activity | None = None) -> Outlook:
    """The outlook of a backup of the course, or a part of it, with these options, as the job takes them."""
    selection = _selection(course, options, part)
    files, documents = _files(selection), _documents(selection)
    people, people_bytes = _people(selection)
    texts = documents.size + people_bytes + sum(map(_text_length, selection.activities))
    contents = sum(one.size for one in files)
    least, most = _packed(files, documents.count, texts, is_part=part is not None)
    # What the job counts: reading the documents, packing all of it, and reading it again twice as fast.
    work = round(2.5 * texts + 1.5 * contents)
    return Outlook(
        sections=len(selection.sections),
        activities=len(selection.activities),
        files=sum(one.count for one in files),
        file_size=contents,
        people=people,
        least=least,
        most=most,
        seconds=seconds_for(work, JobKind.BACKUP, JobKind.AUTOMATED),
    )


def names_of_left_out(course: Course, left_out: dict[str, list[int]]) -> list[str]:
    """What stays out, by name, sections first; what goes with its section is not named."""
    sections, activities = sa.select(Section), sa.select(Activity).join(Section)
    sections = sections.where(
        Section.version_id == course.version_id, Section.moodle_id.in_(left_out["sections"])
    )
    activities = activities.where(
        Activity.version_id == course.version_id,
        Activity.moodle_id.in_(left_out["activities"]),
        Section.moodle_id.not_in(left_out["sections"]),
    )
    rows = [
        *db.session.scalars(sections.order_by(Section.position)),
        *db.session.scalars(activities.order_by(Activity.position)),
    ]
    return [part_name(row) for row in rows]


def _selection(course: Course, options: dict[str, Any], part: Section | Activity | None) -> Selection:
    session = db.session()
    if part is None:
        return select(session, course.version, options)
    scope = "section" if isinstance(part, Section) else "activity"
    selection = select_part(session, course.version, scope, part.id, options)
    if selection is None:
        raise LookupError(part.id)
    return selection


def _files(selection: Selection) -> list[_Files]:
    """The contents that go along, each once, by their type: how many, and how many bytes."""
    if not selection.files:
        return []
    type, size = (
        sa.func.min(CourseFile.mimetype).label("type"),
        sa.func.max(CourseFile.filesize).label("size"),
    )
    once = sa.select(type, size).where(_goes_along(selection)).group_by(CourseFile.contenthash).subquery()
    found = sa.select(once.c.type, sa.func.count(), sa.func.sum(once.c.size)).group_by(once.c.type)
    return [_Files(type, count, int(total)) for type, count, total in db.session.execute(found)]


def _goes_along(selection: Selection) -> sa.ColumnElement[bool]:
    goes = (CourseFile.version_id == selection.version.id) & (CourseFile.filename != ".")
    goes &= ~selection.without.has_files()
    if "questionbank" in selection.without.kinds:
        # What of it is asked for all the same only the backup finds out.
        goes &= ~CourseFile.component.startswith("question") & ~CourseFile.component.startswith("qtype_")
    of_section = (CourseFile.component == "course") & (CourseFile.filearea == "section")
    if selection.part is not None:
        here = CourseFile.context_id.in_([one.context_id for one in selection.activities])
        goes &= here | (of_section & CourseFile.itemid.in_([one.moodle_id for one in selection.sections]))
    elif not selection.is_whole:
        goes &= CourseFile.context_id.not_in(selection.absent_contexts)
        goes &= ~(of_section & CourseFile.itemid.in_(selection.absent_sections))
    if not selection.people:
        goes &= CourseFile.user_data.is_(False)
    return goes & (CourseFile.component != "user") if selection.anonymise else goes


def _documents(selection: Selection) -> _Documents:
    """How many documents go along, and their bytes; of many records some are weighed for all."""
    there = documents_of(selection)
    size = sa.func.coalesce(sa.func.sum(sa.func.length(Document.skeleton)), 0)
    documents, skeletons = db.session.execute(sa.select(sa.func.count(), size).where(there)).one()
    theirs = Record.document_id.in_(sa.select(Document.id).where(there))
    records = db.session.scalars(sa.select(sa.func.count()).select_from(Record).where(theirs)).one()
    stride = max(1, records // SAMPLE)
    some = theirs & (Record.id % stride == 0)
    if not selection.people:
        some &= Record.user_data.is_(False)
    size = sa.func.coalesce(sa.func.sum(sa.func.length(Record.body)), 0)
    weighed = int(db.session.scalars(sa.select(size).where(some)).one())
    return _Documents(documents, int(skeletons) + stride * weighed)


def _text_length(activity: Activity) -> int:
    return len(activity.intro or "") + len(activity.content or "")


def _people(selection: Selection) -> tuple[int, int]:
    """How many people may go along, and how many bytes of documents they are."""
    if not selection.people:
        return 0, 0
    size = sa.func.coalesce(sa.func.sum(sa.func.length(Person.body)), 0)
    found = sa.select(sa.func.count(), size).where(Person.version_id == selection.version.id)
    count, total = db.session.execute(found).one()
    return count, int(total)


def _packed(files: Sequence[_Files], documents: int, texts: int, *, is_part: bool) -> tuple[int, int]:
    """The bytes of the archive, at least and at most."""
    count = sum(one.count for one in files)
    texts += ENTRY * count
    # Of the documents of the course a part takes what it needs, which only the backup finds out.
    weights = [(texts, (0.0, DOCUMENTS[1]) if is_part else DOCUMENTS), (documents + count, EACH)]
    weights += [(one.size, _shrinks(one.type)) for one in files]
    behind = BEHIND_ZIP if any("zip" in (one.type or "") for one in files) else 0
    least, most = (round(sum(total * share[end] for total, share in weights)) for end in (0, 1))
    return least, most + behind


def _shrinks(type: str | None) -> tuple[float, float]:
    if type == "application/pdf":
        return PDF
    return PACKED if (type or "").startswith(_PACKED) else SHRINKING


def about(least: int, most: int) -> str:
    """A range of bytes in words, its ends no more exact than they can be: "about 40 to 60 MB"."""
    low, high = in_words(_rounded(least)), in_words(_rounded(most))
    if low == high:
        return _("about %(size)s", size=low)
    number, _space, unit = low.partition(" ")
    return _("about %(least)s to %(most)s", least=number if high.endswith(f" {unit}") else low, most=high)


def _rounded(count: int) -> int:
    """To two digits that mean something."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return int(count / step + 0.5) * step
