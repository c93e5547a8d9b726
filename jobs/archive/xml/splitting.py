"""Reads a document as a stream: each repeating record as soon as it ends, what is left of the document last.

Memory stays flat whatever the size, and what a document holds is bounded while it is being read.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree

from jobs.archive.containers.streams import Readable
from jobs.archive.limits import Limits
from jobs.archive.xml.cutting import CUT_FROM, ended_in
from jobs.archive.xml.leaves import XML_ATTRIBUTES, target
from jobs.archive.xml.mending import Mender
from jobs.language import gettext as _
from jobs.problems import ArchiveProblem

BLANK = " \t\r\n"

_PIECE = 64 * 1024
_NODE_BYTES = 120  # what an element takes in memory besides its text, roughly
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?P<declaration>\s[^>]*)\?>)?(?:\s+|<!--.*?-->|<\?.*?\?>)*+<(?P<next>!DOCTYPE|[^\s!?])",
    re.DOTALL,
)
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True, slots=True)
class Record:
    """One repeating element: `slot` is its place in the skeleton, `path` the tags from the root to it.

    A piece was cut out of a large record, and has its place there.
    """

    slot: int
    path: str
    element: etree._Element
    is_piece: bool = False


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What is left of the document when its records are gone."""

    element: etree._Element


def split(
    stream: Readable,
    is_record: Callable[[str], bool],
    limits: Limits,
    is_piece: Callable[[str], bool] | None = None,
) -> Iterator[Record | Skeleton]:
    """Yield the records of a document in order, then its skeleton.

    `is_record` is asked about paths such as "activity/forum/discussions/discussion". Records don't nest: what
    lies inside a record stays in it, unless it is large and `is_piece` says yes to paths in it. Then pieces come
    before the record that they were cut from. Comments and processing instructions are dropped.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    splitter = _Splitter(is_record, is_piece or (lambda _path: False), limits)
    try:
        for piece in _pieces(stream):
            parser.feed(piece)
            yield from splitter.records(parser)
            splitter.count(len(piece))
            yield from splitter.pieces()
        root = parser.close()
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise ArchiveProblem(
            _("The file is damaged: line %(line)s is not well-formed XML in UTF-8.", line=line)
        ) from error
    yield from splitter.records(parser)
    drop_indentation(root)
    yield Skeleton(root)


def drop_indentation(element: etree._Element) -> None:
    """Drop the blanks between elements. The text of a leaf stays, even where it is nothing but blanks."""
    for node in element.iter():
        if (tail := node.tail) is not None and not tail.strip(BLANK):
            node.tail = None
        if len(node) and (text := node.text) is not None and not text.strip(BLANK):
            node.text = None


def _drop_blanks_in(element: etree._Element) -> None:
    """Drop the blanks between the children of an element."""
    if (text := element.text) is not None and not text.strip(BLANK):
        element.text = None
    for child in element:
        if (tail := child.tail) is not None and not tail.strip(BLANK):
            child.tail = None


def _pieces(stream: Readable) -> Iterator[bytes]:
    first = b""
    while len(first) < _PIECE and (more := stream.read(_PIECE - len(first))):
        first += more
    mender = Mender()
    first = mender.mend(first)
    _check_prolog(first)
    yield first
    while piece := stream.read(_PIECE):
        yield mender.mend(piece)
    if rest := mender.mend(b""):
        yield rest


def _check_prolog(start: bytes) -> None:
    """Refuse a DOCTYPE and other encodings before the parser, which might act on them, sees a byte."""
    prolog = _PROLOG.match(start)
    if prolog is None:
        raise ArchiveProblem(_("The file is damaged: it does not begin like an XML document in UTF-8."))
    if prolog["next"] == b"!DOCTYPE":
        raise ArchiveProblem(_("The file is damaged: it declares a DOCTYPE, which no backup does."))
    encoding = _ENCODING.search(prolog["declaration"] or b"")
    if encoding is not None and encoding[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise ArchiveProblem(_("The file is damaged: it says that it is not in UTF-8, as every backup is."))


class _Splitter:
    """Follows the parser through one document and takes the records out of the tree behind it."""

    def __init__(
        self, is_record: Callable[[str], bool], is_piece: Callable[[str], bool], limits: Limits
    ) -> None:
        self._is_record = is_record
        self._is_piece = is_piece
        self._limits = limits
        self._depth = 0
        self._events = 0  # two for each element
        self._names: set[str | bytes] = set()
        self._paths: list[str] = []  # of the open elements outside of records
        self._path = ""  # of the record that is open, or has just ended
        self._open: etree._Element | None = None
        self._ended: etree._Element | None = None
        self._slot = 0
        self._bytes = 0
        self._silent_bytes = 0  # since anything began or ended: one text, one tag
        self._record_bytes = 0
        self._cut_from = CUT_FROM
        self._skeleton_bytes = 0

    def records(self, parser: etree.XMLPullParser) -> Iterator[Record]:
        """Take in what the parser has met since the last time; yield the records that are complete."""
        events = list(parser.read_events())
        if events:
            self._silent_bytes = 0
        self._events += len(events)
        events.reverse()
        while events:
            # Taken out of the list, or it would keep a record in memory that has been dealt with.
            event, node = events.pop()
            element = cast(etree._Element, node)
            # The parser may still be adding text behind the last node, so a record is taken out of the tree
            # only when the next event proves that it has gone on.
            if self._ended is not None:
                yield self._release(self._ended)
            if event == "start":
                self._start(element)
            else:
                self._end(element)

    def pieces(self) -> Iterator[Record]:
        """Cut out of a record that has grown large what has ended in it."""
        if self._open is None or self._record_bytes < self._cut_from:
            return
        for path, element in list(ended_in(self._open, self._path, self._is_piece)):
            yield Record(self._take_out(element), path, element, is_piece=True)
        self._record_bytes = len(etree.tostring(self._open))
        # What is left may be large itself, and is not looked through at each piece that comes.
        self._cut_from = CUT_FROM + 2 * self._record_bytes

    def count(self, size: int) -> None:
        """Count a piece that was parsed, and bound what is still growing in the parser."""
        self._bytes += size
        self._silent_bytes += size
        self._record_bytes += size
        if self._bytes > self._limits.xml_bytes:
            raise _too_much(_("The file is larger than this site reads."), "xml_bytes")
        if self._events > 2 * self._limits.xml_elements:
            raise _too_much(_("The file holds more elements than this site reads."), "xml_elements")
        if self._silent_bytes > self._limits.xml_text_bytes + _PIECE:
            raise _too_much(_("The file holds a longer text than this site reads."), "xml_text_bytes")
        if self._open is not None:
            self._bound_part(self._record_bytes)

    def _start(self, element: etree._Element) -> None:
        tag = element.tag
        self._depth += 1
        if self._depth > self._limits.xml_depth:
            raise _too_much(_("The file nests its elements deeper than this site reads."), "xml_depth")
        if tag not in self._names:
            self._meet(tag)
        if names := element.keys():
            self._check_attributes(names)
        if self._open is not None:
            return
        path = f"{self._paths[-1]}/{tag}" if self._paths else tag
        if self._paths and self._is_record(path):
            self._open, self._path, self._record_bytes, self._cut_from = element, path, 0, CUT_FROM
        else:
            self._paths.append(path)
            previous = element.getprevious()
            self._keep(None if previous is None else previous.tail)

    def _end(self, element: etree._Element) -> None:
        self._depth -= 1
        if self._open is None:
            self._paths.pop()
            self._keep(element.text)
            return
        # What is in it is complete by now. Blanks would take a third of the memory of a large record.
        if len(element):
            _drop_blanks_in(element)
        if element is self._open:
            self._open, self._ended = None, element

    def _release(self, record: etree._Element) -> Record:
        """Take an ended record out of the tree."""
        if (record.tail or "").strip(BLANK):
            self._keep(record.tail)
        self._ended = None
        return Record(self._take_out(record), self._path, record)

    def _take_out(self, element: etree._Element) -> int:
        """Take an ended element out of the tree; the first of a run leaves the run's place behind. Returns that."""
        parent = cast(etree._Element, element.getparent())  # the root is neither record nor piece
        place = element.getprevious()
        if place is not None and target(place) == "rows" and not place.tail:
            parent.remove(element)
        else:
            self._slot += 1
            place = etree.ProcessingInstruction("rows", str(self._slot))
            parent.replace(element, place)
        if (element.tail or "").strip(BLANK):
            place.tail = element.tail
        element.tail = None
        return int(place.text or 0)

    def _check_attributes(self, names: Sequence[str | bytes]) -> None:
        if len(names) > self._limits.xml_attributes:
            raise _too_much(
                _("The file gives an element more attributes than this site reads."), "xml_attributes"
            )
        for name in names:
            own_name = str(name).removeprefix(XML_ATTRIBUTES)
            if own_name not in self._names:
                self._meet(own_name)

    def _meet(self, name: str | bytes) -> None:
        # The parser keeps every name for as long as the process lives.
        name = str(name)
        self._names.add(name)
        if len(self._names) > self._limits.xml_names:
            raise _too_much(_("The file uses more different names than this site reads."), "xml_names")
        if "{" in name or ":" in name:
            raise ArchiveProblem(_("The file is damaged: it uses XML namespaces, which no backup does."))

    def _keep(self, text: str | None) -> None:
        self._skeleton_bytes += _NODE_BYTES + len(text or "")
        self._bound_part(self._skeleton_bytes)

    def _bound_part(self, size: int) -> None:
        if size > self._limits.xml_part_bytes:
            raise _too_much(
                _("The file holds a single entry that is larger than this site reads."), "xml_part_bytes"
            )


def _too_much(sentence: str, limit: str) -> ArchiveProblem:
    return ArchiveProblem(sentence, limit=limit)
