"""The two sides of a merge: what comes in, and the course it goes into; each read in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.dates import DateShift, shift_dates
from jobs.archive.ids.numbers import whole_number
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.manifest import Manifest
from jobs.archive.persons.people import drops_document, without_people
from jobs.archive.questions.banks import Folding
from jobs.archive.trees import tree_for
from jobs.archive.xml import Skeleton, split, text_of, unpack
from jobs.steps.batch import BODIES
from jobs.steps.pruning import Sieve, sift
from webapp.models import CourseVersion, Document, Person, Record

FETCH = 200
#: The folders in which documents of the course as a whole lie.
SHARED = ("", "course", "activities", "sections")


@dataclass(frozen=True)
class Origin:
    """The site and the course that something was backed up from, by the ids that its own documents use.

    `modules` are the activities of an archive; of a course that something goes into nobody asks for them.
    """

    site: str
    course_id: int
    context_id: int
    system_context_id: int
    modules: frozenset[int] = frozenset()


NOWHERE = Origin("", 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """One record of a document."""

    slot: int
    path: str
    element: etree._Element


@dataclass(frozen=True)
class Participant:
    """Somebody of users.xml."""

    id: int
    context_id: int
    username: str
    email: str
    name: str
    #: Their account on this site, if the course says whose it is.
    account: int | None = None


class Side(Protocol):
    """The documents of a course as a whole."""

    @property
    def origin(self) -> Origin: ...

    def names(self) -> list[str]:
        """The names of the documents that there are."""

    def skeleton(self, name: str) -> etree._Element | None:
        """A document without its records; None if there is no such document."""

    def records(self, name: str) -> Iterator[Part]:
        """The records of a document, in order."""

    def people(self) -> Iterator[Participant]: ...


@dataclass(frozen=True)
class VersionSide:
    """A version, read in the session's transaction."""

    session: Session
    version_id: int
    origin: Origin

    def names(self) -> list[str]:
        return list(self.session.scalars(sa.select(Document.name).where(*_of_course(self.version_id))))

    def skeleton(self, name: str) -> etree._Element | None:
        document = course_document(self.session, self.version_id, name)
        return unpack(document.skeleton) if document else None

    def records(self, name: str) -> Iterator[Part]:
        document = course_document(self.session, self.version_id, name)
        if document is None:
            return
        yield from _inline(name, unpack(document.skeleton))
        asked = sa.select(Record.slot, Record.path, Record.body).where(Record.document_id == document.id)
        asked = asked.order_by(Record.slot, Record.position, Record.id)
        for slot, path, body in self.session.execute(asked.execution_options(yield_per=BODIES)):
            yield Part(slot, path, unpack(body))

    def people(self) -> Iterator[Participant]:
        asked = sa.select(Person).where(Person.version_id == self.version_id).order_by(Person.position)
        for row in self.session.scalars(asked.execution_options(yield_per=FETCH)):
            context = whole_number(unpack(row.body).get("contextid")) or 0
            yield Participant(
                row.moodle_id, context, row.username or "", row.email or "", row.name, row.account_id
            )


@dataclass(frozen=True)
class ArchiveSide:
    """The documents of an archive as they would be taken in, laid out in a folder; there "+" stands for "/"."""

    folder: Path
    origin: Origin
    with_people: bool
    #: By how much the dates move as it comes in.
    shift: DateShift | None = None
    #: What of it is wanted; None for all.
    sieve: Sieve | None = None
    #: Which question banks become part of the course's own.
    folding: Folding | None = None

    def names(self) -> list[str]:
        found = sorted(path.name.replace("+", "/") for path in self.folder.iterdir())
        return [name for name in found if name.rpartition("/")[0] in SHARED and self._takes(name)]

    def skeleton(self, name: str) -> etree._Element | None:
        for part in self._parts(name):
            if isinstance(part, Skeleton):
                if self.folding:
                    self.folding.apply(name, part.element)
                return part.element
        return None

    def records(self, name: str) -> Iterator[Part]:
        for part in self._parts(name):
            if not isinstance(part, Skeleton):
                yield Part(part.slot, part.path, part.element)

    def people(self) -> Iterator[Participant]:
        for part in self.records("users.xml") if self.with_people else ():
            yield _participant(part.element)

    def quizzes(self) -> Iterator[etree._Element]:
        """What was laid out of each quiz.xml."""
        for place in sorted(self.folder.glob(place_of("activities/*/quiz.xml"))):
            found = self.skeleton(place.name.replace("+", "/"))
            if found is not None:
                yield found

    def _takes(self, name: str) -> bool:
        return self.sieve is None or self.sieve.takes(name)

    def _parts(self, name: str) -> Iterator[Any]:
        place = self.folder / place_of(name)
        directory, _, filename = name.rpartition("/")
        if not place.exists() or not self._takes(name):
            return
        if not self.with_people and drops_document(directory, filename):
            return
        tree = tree_for(directory, filename)
        with place.open("rb") as stream:
            for part in split(stream, tree.is_record, DEFAULT_LIMITS):
                path = str(part.element.tag) if isinstance(part, Skeleton) else part.path
                if self.sieve and not sift(self.sieve, name, path, part.element):
                    continue
                if not self.with_people and without_people(part.element, path, tree) is None:
                    continue
                if self.shift:
                    shift_dates(part.element, path, tree, self.shift)
                yield part


@dataclass(frozen=True)
class NoSide:
    """A course that holds nothing."""

    origin: Origin = NOWHERE

    def names(self) -> list[str]:
        return []

    def skeleton(self, name: str) -> etree._Element | None:
        return None

    def records(self, name: str) -> Iterator[Part]:
        return iter(())

    def people(self) -> Iterator[Participant]:
        return iter(())


def _inline(name: str, root: etree._Element) -> Iterator[Part]:
    """The records that a document made here holds itself, where those of an archive are kept apart."""
    directory, _, filename = name.rpartition("/")
    tree = tree_for(directory, filename)
    for element in root.iterdescendants(etree.Element):
        above = [str(one.tag) for one in element.iterancestors()]
        path = "/".join([*reversed(above), str(element.tag)])
        if tree.is_record(path):
            yield Part(0, path, element)


def place_of(name: str) -> str:
    """The name under which a document lies in a folder of `ArchiveSide`."""
    return name.replace("/", "+")


def _participant(element: etree._Element) -> Participant:
    first, last = _text(element, "firstname"), _text(element, "lastname")
    return Participant(
        id=whole_number(element.get("id")) or 0,
        context_id=whole_number(element.get("contextid")) or 0,
        username=_text(element, "username"),
        email=_text(element, "email"),
        name=f"{first} {last}".strip(),
    )


def _text(element: etree._Element, name: str) -> str:
    leaf = element.find(name)
    return "" if leaf is None else text_of(leaf) or ""


def course_document(session: Session, version_id: int, name: str) -> Document | None:
    """A document of the course as a whole."""
    found = sa.select(Document).where(*_of_course(version_id), Document.name == name)
    return session.scalars(found.order_by(Document.id)).first()


def _of_course(version_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Document.version_id == version_id,
        Document.section_id.is_(None),
        Document.activity_id.is_(None),
        Document.block_id.is_(None),
    )


def origin_of(information: dict[str, str], version: CourseVersion | None = None) -> Origin:
    """Where something is from, by its manifest; `version` knows the ids better, if the course has one."""
    return Origin(
        site=information.get("original_site_identifier_hash", ""),
        course_id=version.moodle_id if version else whole_number(information.get("original_course_id")) or 0,
        context_id=(
            version.context_id if version else whole_number(information.get("original_course_contextid")) or 0
        ),
        system_context_id=whole_number(information.get("original_system_contextid")) or 1,
    )


def origin_of_archive(manifest: Manifest) -> Origin:
    modules = frozenset(one.moduleid for one in manifest.activities)
    return replace(origin_of(manifest.information), modules=modules)


def origin_of_version(version: CourseVersion) -> Origin:
    return origin_of(version.manifest.get("information") or {}, version)
