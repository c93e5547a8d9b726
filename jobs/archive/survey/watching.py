"""Watches a document go by for people, for what leads outside or to other parts, and for what is not Moodle's own.

Millions of elements come by, so what is to be looked for is worked out beforehand, once for each kind of document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jobs.archive.dates import dates_in_leaf
from jobs.archive.ids.person_names import names_person
from jobs.archive.limits import Limits
from jobs.archive.scanning import Scan
from jobs.archive.survey.kinds import OTHER, kinds_in
from jobs.archive.survey.report import NO_ADDRESSES, DateFound, Dates, Tally, Tool
from jobs.archive.survey.ties import TieNotes, is_tie
from jobs.archive.trees import Leaf, Node, tree_for

_NOTHING = ("", "0", "$@NULL@$")
_HOST = re.compile(r"https?://([\w-]+(?:\.[\w-]+)*)", re.IGNORECASE)
_FRAME = re.compile(
    r"<(?:iframe|embed|object)\b[^>]*?\b(?:src|data)\s*=\s*[\"']?(?:https?:)?//([\w-]+(?:\.[\w-]+)*)",
    re.IGNORECASE,
)
WRAPPER = re.compile(r"(?:sub)?plugin_(?P<name>[a-z]+_\w+)_\w+")
_WITHOUT_LINKS = ("logs.xml", "logstores.xml")
#: Leaves that a document is read for.
_ADDRESSES = frozenset(("ip",))
_TOLD = {
    "questions.xml": frozenset(("qtype",)),
    "enrolments.xml": frozenset(("enrol",)),
    "calendar.xml": frozenset(("name",)),
    "badges.xml": frozenset(("name",)),
    "lti.xml": frozenset(("name", "toolurl", "securetoolurl", "baseurl")),
}
_MOST_TOOLS = 200


@dataclass
class Watched:
    """What was seen in all documents; `kinds` by the folder, blocks counted with what they stand beside."""

    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    hosts: Tally = field(default_factory=Tally)
    frames: Tally = field(default_factory=Tally)
    blocks: Tally = field(default_factory=Tally)
    question_types: Tally = field(default_factory=Tally)
    enrolments: Tally = field(default_factory=Tally)
    others: Tally = field(default_factory=Tally)
    documents: Tally = field(default_factory=Tally)
    elements: Tally = field(default_factory=Tally)
    tools: list[Tool] = field(default_factory=list)
    dates: Dates = field(default_factory=Dates)
    ties: TieNotes = field(default_factory=TieNotes)

    def note(self, directory: str, kind: str, number: int = 1) -> None:
        counts = self.kinds.setdefault(directory.partition("/blocks/")[0], {})
        counts[kind] = counts.get(kind, 0) + number

    def document(self, directory: str, filename: str) -> None:
        """Take in that a document is there."""
        kind = kind_of(directory)
        if "blocks/" in directory and filename == "block.xml":
            self.blocks.add(kind)
        if not tree_for(directory, filename).is_declared and kind != filename.removesuffix(".xml"):
            self.documents.add(filename)


def kind_of(directory: str) -> str:
    """Return what a folder is one of: "forum" for "activities/forum_12"."""
    return directory.rpartition("/")[2].rpartition("_")[0]


@dataclass(slots=True)
class _Known:
    """A declared element, or a leaf: what to look for in it."""

    path: str = ""
    below: dict[str, "_Known"] = field(default_factory=dict)
    kind: str = ""
    is_theirs: bool = False
    is_told: bool = False
    theirs_if: str | None = None
    theirs_unless: str | None = None
    #: The leaf itself, where it holds dates that may move.
    dated: Leaf | None = None
    #: The same where it may name another part of the course.
    tied: Leaf | None = None


_PLAIN = _Known()  # a leaf that tells nothing
_STRANGE = _Known()  # what is not declared


@lru_cache(maxsize=256)
def _expected(directory: str, filename: str) -> _Known:
    """What a document may hold, from its root's parent down."""
    root = tree_for(directory, filename).root
    kinds = kinds_in(directory, filename.removesuffix(".xml"))
    told = _TOLD.get(filename, frozenset()) | _ADDRESSES
    return _Known(below={root.name: _prepared(root, root.name, kinds, told, theirs=False)} if root else {})


def _prepared(
    node: Node, path: str, kinds: Mapping[str, str], told: frozenset[str], *, theirs: bool
) -> _Known:
    theirs = theirs or node.is_user_data
    conditions = {node.user_data_if, node.user_data_unless}
    below = {name: _leaf(leaf, is_told=name in told | conditions) for name, leaf in node.leaves.items()}
    for child in node.children.values():
        below[child.name] = _prepared(child, f"{path}/{child.name}", kinds, told, theirs=theirs)
    return _Known(
        path, below, kinds.get(node.name, ""), theirs, False, node.user_data_if, node.user_data_unless
    )


def _leaf(leaf: Leaf, *, is_told: bool) -> _Known:
    dated, tied = leaf if leaf.date is not None else None, leaf if is_tie(leaf) else None
    if dated or tied:
        return _Known(is_told=is_told, dated=dated, tied=tied)
    return _Known(is_told=True) if is_told else _PLAIN


class Watch(Scan):
    """Reads one document, and tells `watched` what it saw in it."""

    def __init__(self, limits: Limits, directory: str, filename: str, watched: Watched) -> None:
        super().__init__(limits)
        self._directory, self._filename, self._watched = directory, filename, watched
        kind = kind_of(directory)
        self._open = [_expected(_typical(directory), filename)]
        #: Of what is open: whether it turned out to be somebody's.
        self._somebodys = [False]
        # Down to here an activity's own document holds its settings: nobody's for naming who changed them.
        self._settings = 3 if kind == filename.removesuffix(".xml") else 2
        self._has_links = filename not in _WITHOUT_LINKS
        self._text: list[str] = []
        self._is_leaf = self._leads_out = self._leads_on = False
        self._name = ""  # of the external tool, event or badge
        self._category = ""  # of the random slot of a quiz

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        super().start(tag, attributes)
        above = self._open[-1]
        known = above.below.get(tag)
        if known is None:
            known = _STRANGE
            if above.path:
                self._unfamiliar(f"{above.path}/{tag}", tag)
        self._open.append(known)
        self._somebodys.append(known.is_theirs)
        self._text.clear()
        self._is_leaf, self._leads_out, self._leads_on = True, False, False
        if tag == "grade_item" and self._filename == "grades.xml":
            self._watched.ties.grade_item(self._directory, attributes.get("id", ""))

    def data(self, text: str) -> None:
        self._text.append(text)
        if "//" in text:
            self._leads_out = True
        if "$" in text:
            self._leads_on = True

    def end(self, tag: str) -> None:
        known, is_somebodys = self._open.pop(), self._somebodys.pop()
        if self._is_leaf:
            if self._leads_out and self._has_links:
                self._links("".join(self._text))
            if known.dated is not None:
                self._dates(known.dated, "".join(self._text))
            if known.tied is not None or self._leads_on:
                self._ties(tag, known, "".join(self._text))
            if known.is_told:
                self._told(tag, "".join(self._text))
            elif known is _STRANGE and self.depth > self._settings and names_person(tag):
                self._somebodys[-1] |= self._open[-1] is _STRANGE and "".join(self._text) not in _NOTHING
        elif is_somebodys and (known.kind or known is _STRANGE):
            self._watched.note(self._directory, known.kind or OTHER)
        self._is_leaf = False
        super().end(tag)

    def _unfamiliar(self, path: str, tag: str) -> None:
        if wrapper := WRAPPER.fullmatch(tag):
            self._watched.others.add(wrapper["name"])
            self._watched.ties.other(self._directory, self._filename, wrapper["name"])
        else:
            self._watched.elements.add(f"{self._filename} {path}")

    def _links(self, text: str) -> None:
        for host in _HOST.findall(text):
            self._watched.hosts.add(host.lower())
        for host in _FRAME.findall(text):
            self._watched.frames.add(host.lower())

    def _ties(self, tag: str, known: _Known, text: str) -> None:
        if text in _NOTHING:
            return
        ties, is_somebodys = self._watched.ties, any(self._somebodys)
        if tag == "questioncategoryid":
            self._category = text
        if known.tied is not None:
            ties.leaf(
                self._directory, self._filename, known.tied, text, self._category, is_somebodys=is_somebodys
            )
        elif self._has_links and not is_somebodys:
            ties.links(self._directory, self._filename, tag, text)

    def _dates(self, leaf: Leaf, text: str) -> None:
        document = f"{self._directory}/{self._filename}".lstrip("/")
        for moment, word in dates_in_leaf(text, leaf):
            found = DateFound(document, word, moment, self._name)
            self._watched.dates.add(found, is_somebodys=self._somebodys[-1])

    def _told(self, tag: str, text: str) -> None:
        above = self._open[-1]
        if tag == above.theirs_if:
            self._somebodys[-1] = text not in _NOTHING
        elif tag == above.theirs_unless:
            self._somebodys[-1] = text in _NOTHING
        elif text in _NOTHING:
            return
        elif tag in _ADDRESSES:
            if text not in NO_ADDRESSES:
                self._watched.note(self._directory, "ip_addresses")
        elif tag == "qtype":
            self._watched.question_types.add(text)
        elif tag == "enrol":
            self._watched.enrolments.add(text)
        elif tag == "name":
            self._name = text
        elif (host := _HOST.match(text)) and len(self._watched.tools) < _MOST_TOOLS:
            self._watched.tools.append(Tool(self._directory, self._name, host[1].lower()))


def _typical(directory: str) -> str:
    """Return a folder of the same kind; there are far fewer of these than there are folders."""
    return re.sub(r"_\d+(?=/|$)", "_1", directory)
