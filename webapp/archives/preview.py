"""What one activity of an archive holds, read from its documents as they lie in the archive."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from urllib.parse import urlsplit

from lxml import etree
from markupsafe import Markup

from jobs.archive.index import FileFound, Index
from jobs.archive.limits import DEFAULT_LIMITS, MIB
from jobs.archive.survey import ActivityFound
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import Record, Skeleton, split, text_of
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem
from webapp.archives.texts import ArchiveTexts
from webapp.content.kinds import kind_word
from webapp.html import format_of
from webapp.reading import Branch, Reader, label_of, people_in

#: So many records and files are shown at once.
ROWS, FILES = 50, 100
#: Of a longer document only the records at its beginning are shown, and not how it is set up.
LONGEST = 16 * MIB
#: No page of records beyond this is looked for.
FARTHEST = 256 * MIB
_DOCUMENTS = {
    "module": _l("Settings around it"),
    "inforef": _l("What it refers to"),
    "grades": _l("Grades"),
    "grade_history": _l("Earlier grades"),
    "grading": _l("Marking"),
    "calendar": _l("Dates"),
    "logs": _l("Log"),
    "logstores": _l("Newer log"),
    "xapistate": _l("States of H5P"),
}
_LIMITS = replace(DEFAULT_LIMITS, xml_part_bytes=16 * MIB)
#: What is shown in its own place, not among the facts.
_ELSEWHERE = frozenset({"name", "intro", "content", "externalurl"})


@dataclass
class Preview:
    """What is shown of one document of an activity."""

    documents: list[str]
    part: str
    intro: Markup | str = ""
    content: Markup | str = ""
    address: str = ""
    own: Branch = field(default_factory=lambda: Branch(""))
    #: Records that stand together, with what they are.
    shelves: list[tuple[str, list[Branch]]] = field(default_factory=list)
    files: list[FileFound] = field(default_factory=list)
    number: int = 1
    has_more: bool = False
    #: There is more than can be looked through here.
    is_cut: bool = False
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.intro or self.content or self.address or self.shelves or not self.own.is_empty)

    @property
    def can_be_opened(self) -> bool:
        """Whether the address is one that a browser may be led to."""
        return is_web_address(self.address)


def preview_of(index: Index, texts: ArchiveTexts, activity: ActivityFound, part: str, number: int) -> Preview:
    """Read one document of the activity, its own one if `part` names none; `number` is the page of its records."""
    names = [one.rpartition("/")[2].removesuffix(".xml") for one in index.documents(activity.directory)]
    names.sort(key=lambda name: name != activity.type)
    part = part if part in names else activity.type
    preview = Preview(names, part, number=max(1, number))
    preview.files = index.files(part=activity.directory, most=FILES + 1)
    if part not in names:
        preview.problem = _(
            "“%(part)s.xml”, which holds what is in it, is missing from the backup.", part=part
        )
        return preview
    tree = tree_for(activity.directory, f"{part}.xml")
    try:
        skeleton, records = _read(index, f"{activity.directory}/{part}.xml", tree, preview)
    except ArchiveProblem as problem:
        preview.problem = str(problem)
        return preview
    elements = [one.element for one in records] + ([skeleton] if skeleton is not None else [])
    reader = Reader(tree, texts.leaf, index.names_of(sorted(people_in(elements))[:500]))
    if skeleton is not None:
        reader.learn(skeleton, str(skeleton.tag))
        if preview.number == 1:
            _show_own(preview, reader, texts, skeleton, activity)
    preview.shelves = _shelves(reader, records)
    return preview


def document_in_words(type: str, name: str) -> str:
    """What a document in the folder of an activity of this type is about."""
    return kind_word(type) if name == type else _DOCUMENTS.get(name) or label_of(name)


def is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, address))


def _read(
    index: Index, name: str, tree: Tree, preview: Preview
) -> tuple[etree._Element | None, list[Record]]:
    """Read the records of the wanted page, and the skeleton unless the document is too long for that."""
    stream = _Counted(index, name)
    first = (preview.number - 1) * ROWS
    records: list[Record] = []
    for place, one in enumerate(split(stream, tree.is_record, _LIMITS)):
        if isinstance(one, Skeleton):
            return one.element, records
        if first <= place < first + ROWS:
            records.append(one)
        preview.has_more = place >= first + ROWS
        if stream.count > (LONGEST if preview.has_more else FARTHEST):
            preview.is_cut = True
            break
    return None, records


class _Counted:
    """A document that knows how much of it has been read."""

    def __init__(self, index: Index, name: str) -> None:
        self._stream = index.document(name)
        self.count = 0

    def read(self, length: int) -> bytes:
        piece = self._stream.read(length)
        self.count += len(piece)
        return piece


def _show_own(
    preview: Preview, reader: Reader, texts: ArchiveTexts, skeleton: etree._Element, activity: ActivityFound
) -> None:
    own = skeleton.find(activity.type) if preview.part == activity.type else None
    if own is None:
        preview.own = reader.read(skeleton, str(skeleton.tag))
        return
    preview.intro = _text(own, "intro", texts, activity)
    preview.content = _text(own, "content", texts, activity)
    address = own.find("externalurl")
    preview.address = (text_of(address) or "").strip() if address is not None else ""
    preview.own = reader.read(own, f"activity/{activity.type}", skip=_ELSEWHERE)


def _text(own: etree._Element, name: str, texts: ArchiveTexts, activity: ActivityFound) -> Markup:
    leaf = own.find(name)
    html = (text_of(leaf) or "") if leaf is not None else ""
    area = (f"mod_{activity.type}", name, 0)
    return texts.leaf(html, format_of(own.findtext(f"{name}format")), area, name, top=2)


def _shelves(reader: Reader, records: list[Record]) -> list[tuple[str, list[Branch]]]:
    shelves = []
    for path, some in groupby(records, key=lambda record: record.path):
        branches = [reader.read(one.element, path) for one in some]
        if shown := [one for one in branches if not one.is_empty]:
            shelves.append((label_of(path.split("/")[-2]), shown))
    return shelves
