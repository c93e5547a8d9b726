"""Finds files of a course, a page at a time, and says where each is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.lookups import sections_of
from webapp.courses.bank.names import names_of_questions
from webapp.courses.holdings.holders import Holder, Holders
from webapp.courses.holdings.kinds import ALL, is_of_kind
from webapp.courses.holdings.totals import are_files
from webapp.courses.outline import heading_of
from webapp.extensions import db
from webapp.models import Course, CourseFile, Section
from webapp.pages.paging import CountedPage, counted_page_of
from webapp.pages.searching import have_words
from webapp.reading import area_word

#: Ways to put them in order, each with what it is called.
ORDERS = {"size": _l("Largest first"), "name": _l("By name"), "place": _l("As in the course")}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for, as the address says it."""

    q: str = ""
    kind: str = ""
    #: What holds the files (Holder.key).
    held: str = ""
    #: The hash of a content: every place where it is used.
    content: str = ""
    state: str = ""
    order: str = "size"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        given = {one.name: query.get(one.name, "").strip() for one in fields(cls)}
        return cls(**given | {"order": given["order"] if given["order"] in ORDERS else "size"})

    def as_query(self) -> dict[str, str]:
        """What stands in an address for it."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: text for name, text in said.items() if text and (name, text) != ("order", "size")}

    @property
    def is_all(self) -> bool:
        return not self.as_query().keys() - {"order"}


@dataclass(frozen=True)
class Held:
    """One file with where it is used."""

    row: CourseFile
    holder: Holder
    #: In which part of it: "Description", "A chapter", a question's name.
    part: str
    section: Section | None
    #: How many files of the course have this content.
    uses: int


def page_of_files(course: Course, holders: Holders, wanted: Wanted, number: int) -> CountedPage[Held]:
    """A page of the files that are looked for."""
    # Numbers first: putting whole rows in order would carry each row's document along.
    found = sa.select(CourseFile.id).where(*are_files(course), *_conditions(holders, wanted))
    page = counted_page_of(found.order_by(*_order(wanted)), number)
    rows = {
        one.id: one for one in db.session.scalars(sa.select(CourseFile).where(CourseFile.id.in_(page.rows)))
    }
    held = _held(course, holders, [rows[one] for one in page.rows])
    return CountedPage(held, page.number, page.has_more, page.total)


def _conditions(holders: Holders, wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    yield from have_words(wanted.q, CourseFile.filename, CourseFile.filepath)
    if wanted.kind in ALL:
        yield is_of_kind(CourseFile.mimetype, wanted.kind)
    if holder := holders.with_key(wanted.held):
        yield holders.condition(holder)
    if wanted.content:
        yield CourseFile.stored_hash == wanted.content
    if wanted.state == "broken":
        unsound = CourseFile.stored_hash.is_distinct_from(CourseFile.contenthash)
        yield sa.and_(unsound, sa.not_(CourseFile.alias))


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.order == "name":
        return sa.func.lower(CourseFile.filename), CourseFile.id
    if wanted.order == "place":
        return CourseFile.position, CourseFile.id
    return CourseFile.filesize.desc(), CourseFile.filename, CourseFile.id


def _held(course: Course, holders: Holders, rows: Sequence[CourseFile]) -> list[Held]:
    uses = _uses(course, rows)
    held_by = {row.id: holders.of(row.context_id, row.component, row.filearea) for row in rows}
    asking = {row.itemid for row in rows if held_by[row.id].key == "questions"}
    questions = names_of_questions(course, asking)
    sections = {one.moodle_id: one for one in sections_of(course.version_id)} if rows else {}
    held = []
    for row in rows:
        in_section = (row.component, row.filearea) == ("course", "section")
        section = sections.get(row.itemid) if in_section else None
        holder = held_by[row.id]
        part = questions.get(row.itemid, "") if holder.key == "questions" else ""
        part = _("“%(name)s”", name=part) if part else heading_of(section) if section else ""
        where = _where(area_word(row.component, row.filearea), part)
        held.append(Held(row, holder, where, section, uses.get(row.stored_hash or "", 0)))
    return held


def _where(area: str, part: str) -> str:
    return _("%(area)s: %(part)s", area=area, part=part) if area and part else area or part


def _uses(course: Course, rows: Sequence[CourseFile]) -> dict[str, int]:
    hashes = {row.stored_hash for row in rows if row.stored_hash}
    asked = sa.select(CourseFile.stored_hash, sa.func.count()).where(
        *are_files(course), CourseFile.stored_hash.in_(hashes)
    )
    return {one: count for one, count in db.session.execute(asked.group_by(CourseFile.stored_hash)) if one}
