"""Reads an XML document from end to end without keeping it: is it whole, within bounds, and what is in it?

lxml hands elements to these as it meets them, builds no tree, and so takes no memory to speak of.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from jobs.archive.limits import Limits
from jobs.archive.xml.leaves import XML_ATTRIBUTES
from jobs.archive.xml.mending import Mender
from jobs.language import gettext as _, lazy_gettext as _l, number
from jobs.language.sizes import size as in_words
from jobs.problems import ArchiveProblem

_PIECE = 128 * 1024
_PROLOG = 200  # bytes, more than a prolog takes
_ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)""")
_UTF_8 = {b"utf-8", b"utf8", b"us-ascii"}
_NAMESPACES = _l("it uses XML namespaces, which no backup does")

Read = Callable[[int], bytes]
RowHandler = Callable[[Mapping[str, str], dict[str, str]], None]


class BrokenDocument(ArchiveProblem):
    """A document is damaged or, if `limit` is set, out of bounds. Its text follows on the document's name."""


class IllFormedDocument(BrokenDocument):
    """A document is no XML from some line on."""


class Scan:
    """Counts elements by name, and refuses what is out of bounds."""

    def __init__(self, limits: Limits) -> None:
        self.root: Mapping[str, str] = {}
        self.counts: dict[str, int] = {}
        self.depth = 0
        self._limits = limits
        self._deepest = limits.xml_depth
        self._names: set[str] = set()
        self._last_place = (0, 0)
        self._bytes = self._silent_bytes = 0

    # These two run for every element of a course, so they do no more than they must.

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        try:
            self.counts[tag] += 1
        except KeyError:
            self.counts[tag] = 1
            self._meet(tag)
        if attributes or self.depth > self._deepest:
            self._check(attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1

    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        raise BrokenDocument(_l("it declares a DOCTYPE, which no backup does"))

    def close(self) -> None:
        pass

    def count_bytes(self, length: int) -> None:
        """Bound what was read: in all, and since anything last began or ended."""
        elements = sum(self.counts.values())
        place = (elements, self.depth)
        self._bytes += length
        self._silent_bytes = self._silent_bytes + length if place == self._last_place else 0
        self._last_place = place
        if self._bytes > self._limits.xml_bytes:
            raise _too_much(
                _l("it is larger than %(limit)s, more than this site takes"),
                in_words(self._limits.xml_bytes),
                "xml_bytes",
            )
        if self._silent_bytes > self._limits.xml_text_bytes:
            raise _too_much(
                _l("it holds a text longer than %(limit)s, more than this site takes"),
                in_words(self._limits.xml_text_bytes),
                "xml_text_bytes",
            )
        if elements > self._limits.xml_elements:
            raise _too_much(
                _l("it has more elements than %(limit)s, more than this site takes"),
                self._limits.xml_elements,
                "xml_elements",
            )

    def _check(self, attributes: Mapping[str, str]) -> None:
        limits = self._limits
        if self.depth > limits.xml_depth:
            raise _too_much(
                _l("it nests its elements deeper than %(limit)s, more than this site takes"),
                limits.xml_depth,
                "xml_depth",
            )
        if len(attributes) > limits.xml_attributes:
            raise _too_much(
                _l("it gives an element more attributes than %(limit)s, more than this site takes"),
                limits.xml_attributes,
                "xml_attributes",
            )
        if self.depth == 1:
            self.root = dict(attributes)
        for name in attributes:
            own_name = name.removeprefix(XML_ATTRIBUTES)
            if own_name not in self._names:
                self._meet(own_name)

    def _meet(self, name: str) -> None:
        # The parser keeps every name for as long as the process lives.
        self._names.add(name)
        if len(self._names) > self._limits.xml_names:
            raise _too_much(
                _l("it uses more different names than %(limit)s, more than this site takes"),
                self._limits.xml_names,
                "xml_names",
            )
        if len(name) > self._limits.name_length:
            raise _too_much(
                _l("it uses a name longer than %(limit)s, more than this site takes"),
                self._limits.name_length,
                "name_length",
            )
        if "{" in name or ":" in name:
            raise BrokenDocument(str(_NAMESPACES))


@dataclass
class _Row:
    depth: int
    attributes: Mapping[str, str]
    leaves: dict[str, str] = field(default_factory=dict)
    length: int = 0


class Rows(Scan):
    """Hands over the elements at certain paths, each with its attributes and its direct leaves in order."""

    def __init__(self, limits: Limits, handlers: Mapping[str, RowHandler]) -> None:
        super().__init__(limits)
        self._handlers = handlers
        self._paths = [""]
        self._rows: list[_Row] = []
        self._text: list[str] = []
        self._is_leaf = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        super().start(tag, attributes)
        path = f"{self._paths[-1]}/{tag}" if self.depth > 1 else tag
        self._paths.append(path)
        if path in self._handlers:
            self._rows.append(_Row(self.depth, dict(attributes)))
        self._text.clear()
        self._is_leaf = True

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        path = self._paths.pop()
        if self._rows:
            row = self._rows[-1]
            if row.depth == self.depth:
                self._rows.pop()
                self._handlers[path](row.attributes, row.leaves)
            elif row.depth == self.depth - 1 and self._is_leaf:
                self._keep(row, tag)
        self._text.clear()
        self._is_leaf = False
        super().end(tag)

    def hand_over_rest(self) -> None:
        """Hand over the elements that the document broke off in, with the leaves that are whole."""
        paths = {path.count("/") + 1: path for path in self._paths[1:]}
        while self._rows:
            row = self._rows.pop()
            self._handlers[paths[row.depth]](row.attributes, row.leaves)

    def _keep(self, row: _Row, tag: str) -> None:
        text = row.leaves[tag] = "".join(self._text)
        row.length += len(text)
        if row.length > self._limits.xml_part_bytes:
            limit = in_words(self._limits.xml_part_bytes)
            raise _too_much(
                _l("it holds a single entry larger than %(limit)s, more than this site takes"),
                limit,
                "xml_part_bytes",
            )


def scan(read: Read, target: Scan, *, to_the_end: bool = False) -> bool:
    """Read a document through `target`; returns whether it had to be mended first (`jobs.archive.xml.mending`).

    BrokenDocument says what is wrong, to follow on the name of it. With `to_the_end` what can be made out behind the
    first fault is read as well, before that is said.
    """
    parser = etree.XMLParser(
        target=cast(Any, target),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=to_the_end,
    )
    piece = read(_PIECE)
    while len(piece) < _PROLOG and (more := read(_PIECE)):
        piece += more  # the reader may stop anywhere, even within the word UTF-8
    mender = Mender()
    mended = mender.mend(piece)
    encoding = _ENCODING.match(mended)
    if encoding and encoding[1].lower() not in _UTF_8:
        raise BrokenDocument(_("it says that it is not in UTF-8, as every backup is"))
    try:
        while piece:
            parser.feed(mended)
            target.count_bytes(len(piece))
            piece = read(_PIECE)
            mended = mender.mend(piece)
        parser.feed(mended)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise IllFormedDocument(_("it is broken at line %(line)s", line=error.lineno or 1)) from error
    for fault in parser.feed_error_log:
        # A prefix that stands for nothing is no error to the parser, which drops it and notes that it did.
        if fault.domain_name == "NAMESPACE":
            raise BrokenDocument(str(_NAMESPACES))
        raise IllFormedDocument(_("it is broken at line %(line)s", line=fault.line or 1))
    return mender.has_mended


def _too_much(sentence: str, limit: int | str, name: str) -> BrokenDocument:
    text = number(limit) if isinstance(limit, int) else limit
    return BrokenDocument(_(sentence, limit=text), limit=name)
