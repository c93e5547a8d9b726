"""A database: its fields, and what people filled in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.comments import Comment, comments_of
from webapp.courses.viewers.data_values import Value, value_of
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.tags import tags_of
from webapp.models import CourseFile

_RECORDS = "records/record"
_KINDS = {
    "checkbox": _l("Several choices"),
    "date": _l("A day"),
    "file": _l("A file"),
    "latlong": _l("A place on the map"),
    "menu": _l("One choice"),
    "multimenu": _l("Several choices"),
    "number": _l("A number"),
    "picture": _l("A picture"),
    "radiobutton": _l("One choice"),
    "text": _l("A line of text"),
    "textarea": _l("A text"),
    "url": _l("A link"),
}
_WITH_CHOICES = frozenset({"checkbox", "menu", "multimenu", "radiobutton"})


@dataclass(frozen=True)
class Field:
    id: int
    type: str
    name: str
    kind: str
    description: str
    required: bool
    choices: list[str]


@dataclass(frozen=True)
class Entry:
    #: The first thing that is filled in, by which one knows it.
    title: str
    who: Name
    at: int | None
    group: str
    values: list[Value]
    ratings: str
    is_waiting: bool
    tags: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class Database:
    opens: int | None
    closes: int | None
    wanted: int
    fields: list[Field]
    entries: list[Entry]
    pages: Pages
    with_people: bool


def data(source: Source) -> Database:
    own = source.own
    fields = {id_of(one): _field(one) for one in own.iterfind("fields/field")}
    pages = source.pages(_RECORDS)
    return Database(
        when(own, "timeavailablefrom"), when(own, "timeavailableto"), number(own, "requiredentries"),
        list(fields.values()), _entries(source, fields, pages), pages, source.with_people,
    )  # fmt: skip


def _field(element: etree._Element) -> Field:
    type = leaf(element, "type")
    choices = leaf(element, "param1").splitlines() if type in _WITH_CHOICES else []
    return Field(
        id_of(element),
        type,
        leaf(element, "name") or _("A field"),
        _KINDS.get(type, type),
        leaf(element, "description"),
        leaf(element, "required") == "1",
        [one.strip() for one in choices if one.strip()],
    )


def _entries(source: Source, fields: dict[int, Field], pages: Pages) -> list[Entry]:
    records = list(source.page_of(_RECORDS, pages))
    contents = [id_of(one) for record in records for one in record.iterfind("contents/content")]
    files = source.files("mod_data", "content", contents)
    ids = [id_of(record) for record in records]
    tags = tags_of(source, "recordstags/tag", ids)
    comments = comments_of(source, "database_entry", ids)
    return [
        replace(_entry(source, record, fields, files), tags=tags[one], comments=comments[one])
        for one, record in zip(ids, records, strict=True)
    ]


def _entry(
    source: Source, record: etree._Element, fields: dict[int, Field], files: dict[int, list[CourseFile]]
) -> Entry:
    filled = {number(one, "fieldid"): one for one in record.iterfind("contents/content")}
    values = [
        value_of(source, one.type, one.name, filled[field_id], files.get(id_of(filled[field_id]), []))
        for field_id, one in fields.items()
        if field_id in filled
    ]
    values = [one for one in values if not one.is_empty]
    return Entry(
        next((one.words for one in values if one.words), ""),
        source.person(number(record, "userid")),
        when(record, "timemodified") or when(record, "timecreated"),
        source.around.group(number(record, "groupid")),
        values,
        source.around.ratings(record),
        leaf(source.own, "approval") == "1" and leaf(record, "approved") == "0",
    )
