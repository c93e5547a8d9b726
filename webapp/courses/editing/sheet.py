"""An element as it is edited: its leaves in groups, read from what is kept and from what is declared about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from jobs.archive.trees import Tree
from jobs.archive.xml import is_leaf, is_slot, text_of
from jobs.language import gettext as _
from webapp.content.elements import Change
from webapp.content.files import FilePlace
from webapp.courses.editing.leaves import PLAIN, DateLeaf, HtmlLeaf, Leaf
from webapp.courses.editing.things import Contents, Field, Kind, Part
from webapp.courses.editor import EditorText
from webapp.courses.viewers.leaves import leaf as text_in
from webapp.html import PLAIN as PLAIN_TEXT, format_of
from webapp.models import Course
from webapp.reading import area_of

#: Leaves whose format stands in a leaf of another name than theirs with "format".
_FORMATS = {"answertext": "answerformat", "answer_text": "answerformat"}


@dataclass(frozen=True)
class Group:
    """Leaves that stand together: those of the thing itself (without a heading), or of one part."""

    heading: str
    leaves: list[Leaf]

    @property
    def dates(self) -> list[Leaf]:
        return [one for one in self.leaves if isinstance(one, DateLeaf)]

    @property
    def others(self) -> list[Leaf]:
        return [one for one in self.leaves if not isinstance(one, DateLeaf)]


@dataclass(frozen=True)
class Sheet:
    groups: list[Group] = field(default_factory=list)
    #: What is folded away.
    asides: list[Group] = field(default_factory=list)
    #: What else tells whether somebody has changed the thing meanwhile.
    beside: tuple[str | None, ...] = ()

    @cached_property
    def leaves(self) -> list[Leaf]:
        return [one for group in (*self.groups, *self.asides) for one in group.leaves]

    @property
    def shown(self) -> dict[str, Any]:
        """What the form says before anybody has typed."""
        return {one.key: one.shown for one in self.leaves}

    @property
    def mark(self) -> str:
        """Another one whenever a leaf says something else, or there are others."""
        said = [*self.beside, *((one.path, one.text) for one in self.leaves)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:20]

    def changes(self, form: Any) -> list[Change]:
        """What the form says otherwise. A field that a browser did not send is left as it is."""
        asked = [(one, form[one.key]) for one in self.leaves]
        found = [one.change(typed.data) for one, typed in asked if typed.raw_data]
        return [one for one in found if one is not None]


class SheetReader:
    """Reads the elements of one document."""

    def __init__(self, course: Course, context_id: int, tree: Tree) -> None:
        self._course = course
        #: The context that the element's files belong to.
        self._context_id = context_id
        self._tree = tree

    def read(self, element: etree._Element, path: str, contents: Contents) -> Sheet:
        """The sheet of an element at a path of the document; what the archive lacks is not there to be edited."""
        own = Group("", list(self._leaves(element, path, contents.fields, element)))
        parts = [group for part in contents.parts for group in self._groups(element, path, part)]
        asides = [group for one in contents.asides for group in self._aside(element, path, one)]
        groups = [own, *parts] if own.leaves else parts
        return Sheet(groups, asides)

    def _aside(self, element: etree._Element, path: str, aside: Field | Part) -> Iterator[Group]:
        if isinstance(aside, Part):
            yield from self._groups(element, path, aside)
        elif leaves := list(self._leaves(element, path, (aside,), element)):
            yield Group("", leaves)

    def _groups(self, thing: etree._Element, path: str, part: Part) -> Iterator[Group]:
        found = thing.xpath(part.path)
        for number, element in enumerate(found if isinstance(found, list) else [], 1):
            if not isinstance(element, etree._Element):
                continue
            named = text_in(element, part.named_by) if part.named_by else ""
            heading = (
                _("%(part)s “%(name)s”", part=part.word, name=named)
                if named
                else f"{part.word} {number}"
                if part.is_counted
                else str(part.word)
            )
            below = part.path.partition("[")[0]
            if leaves := list(self._leaves(element, f"{path}/{below}", part.fields, thing, heading)):
                yield Group(heading, leaves)

    def _leaves(
        self,
        element: etree._Element,
        path: str,
        fields: tuple[Field, ...],
        thing: etree._Element,
        around: str = "",
    ) -> Iterator[Leaf]:
        way_of = etree.ElementTree(thing).getelementpath
        for one in fields:
            held = element.find(one.leaf.replace("{id}", element.get("id") or "0"))
            if held is not None and is_leaf(held) and not is_slot(held):
                declared_at = re.sub(r"\[[^]]*\]", "", f"{path}/{one.leaf}")
                yield self._leaf(held, declared_at, way_of(held), one, around)

    def _leaf(self, held: etree._Element, path: str, way: str, of: Field, around: str) -> Leaf:
        node = self._tree.node(path.rpartition("/")[0])
        declared = node.leaves.get(str(held.tag)) if node else None
        is_html = declared is not None and declared.is_html
        kind = of.kind or (Kind.HTML if is_html else Kind.LINE)
        text = text_of(held)
        if kind != Kind.HTML:
            return PLAIN[kind](way, text, of, around)
        around_it = held.getparent()
        area = (
            area_of(around_it, declared.embeds)
            if declared and declared.embeds and around_it is not None
            else None
        )
        files = FilePlace(self._context_id, *area) if area else None
        format_name = _FORMATS.get(str(held.tag), f"{held.tag}format")
        kept = text_in(around_it, format_name)
        # A wiki names the way that its page is written in; only the first of them is HTML.
        format = PLAIN_TEXT if kept in ("creole", "nwiki") else format_of(kept)
        editor = EditorText(
            self._course, files or FilePlace(0, "text", "inside"), text, format, sends_pictures=False
        )
        way_around, _slash, _name = way.rpartition("/")
        format_leaf = f"{way_around}/{format_name}" if way_around else format_name
        return HtmlLeaf(way, text, of, around, editor=editor, files=files, format_leaf=format_leaf)
