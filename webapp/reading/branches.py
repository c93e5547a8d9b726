"""Makes something readable of an element of the archive, whatever its type: its title, its texts, its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree
from markupsafe import Markup

from jobs.archive.ids.numbers import is_whole
from jobs.archive.persons.people import names_person
from jobs.archive.trees import FileArea, Leaf, Node, Tree
from jobs.archive.xml import is_leaf, text_of
from jobs.language import gettext as _
from webapp.html import HTML, format_of
from webapp.reading.branch import DEEPEST, Branch
from webapp.reading.json_content import branch_of, parsed
from webapp.reading.leaves import (
    TITLES,
    Fact,
    is_secret,
    is_silent,
    is_wrapping,
    label_of,
    looks_like_html,
    plain_fact,
)

#: Where the files of a text lie: component, area and item.
Area = tuple[str, str, int]
#: Cleans a text: its HTML, its format, where its files lie, and what its ids begin with.
Render = Callable[[str, int, Area | None, str], Markup]


class Reader:
    """Reads the elements of one activity's own document."""

    def __init__(self, tree: Tree, render: Render, people: Mapping[int, str]) -> None:
        self._tree = tree
        self._render = render
        self._people = people
        self._things: dict[tuple[str, str], str] = {}
        self._count = 0

    def learn(self, element: etree._Element, path: str) -> None:
        """Note what things are called, so that what refers to them can say it."""
        node = self._tree.node(path)
        title = next((text for name in TITLES if (text := element.findtext(name))), "")
        if node is not None and node.kind and title:
            self._things[node.kind, element.get("id") or ""] = title
        for child in element.iterchildren(etree.Element):
            if not is_leaf(child) and path.count("/") < DEEPEST:
                self.learn(child, f"{path}/{child.tag}")

    def read(
        self, element: etree._Element, path: str, depth: int = 0, *, skip: frozenset[str] = frozenset()
    ) -> Branch:
        """The element with what is in it; the leaves in `skip` are shown elsewhere."""
        node = self._tree.node(path)
        branch = Branch(label_of(str(element.tag)))
        for child in element.iterchildren(etree.Element):
            name = str(child.tag)
            if is_leaf(child):
                if name not in skip:
                    self._leaf(branch, element, child, node)
            elif depth < DEEPEST:
                _put_into(branch, self.read(child, f"{path}/{name}", depth + 1), name)
        return branch

    def _leaf(
        self, branch: Branch, element: etree._Element, child: etree._Element, node: Node | None
    ) -> None:
        name, text = str(child.tag), (text_of(child) or "").strip()
        known = node.leaves.get(name) if node else None
        is_person = (known.refers_to == "user") if known else names_person(name)
        if known is not None and known.refers_to and (thing := self._things.get((known.refers_to, text))):
            branch.facts.append(Fact(label_of(name), thing))
            return
        if not text or text == "0" or (is_silent(name, text) and not is_person):
            return
        if not branch.title and name in TITLES and len(text) < 300 and not looks_like_html(text):
            branch.title = text
        elif known is None and (content := parsed(text)) is not None and not is_secret(name):
            _put_into(branch, branch_of(label_of(name), content, self._words), name)
        elif (known is not None and known.is_html) or (known is None and looks_like_html(text)):
            self._text(branch, element, name, text, known)
        elif is_person:
            branch.facts.append(self._person(name, text))
        else:
            branch.facts.append(plain_fact(name, text, is_hidden=_hides(element, name, known)))

    def _words(self, html: str) -> Markup:
        """A text that stands in another one, cleaned."""
        self._count += 1
        return self._render(html, HTML, None, f"r{self._count}")

    def _text(
        self, branch: Branch, element: etree._Element, name: str, text: str, known: Leaf | None
    ) -> None:
        self._count += 1
        area = area_of(element, known.embeds) if known and known.embeds else None
        shown = self._render(text, format_of(element.findtext(f"{name}format")), area, f"r{self._count}")
        if shown:
            branch.texts.append((label_of(name), shown))

    def _person(self, name: str, text: str) -> Fact:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
        return Fact(
            label_of(name), self._people.get(number, _("somebody who is not in this course")), "person"
        )


def _hides(element: etree._Element, name: str, known: Leaf | None) -> bool:
    """Whether a leaf holds a secret: what was encrypted, or the value of a setting that is one."""
    if known is not None and known.is_encrypted:
        return True
    return name == "value" and is_secret(element.findtext("name") or "")


def _put_into(branch: Branch, inside: Branch, name: str) -> None:
    if is_wrapping(name):
        branch.texts += inside.texts
        branch.facts += inside.facts
        branch.inside += inside.inside
    elif not inside.is_empty:
        branch.inside.append(inside)


def people_in(elements: list[etree._Element]) -> set[int]:
    """The ids of persons that leaves of these elements may name."""
    texts = (
        leaf.text or ""
        for element in elements
        for leaf in element.iter(etree.Element)
        if is_leaf(leaf) and names_person(str(leaf.tag))
    )
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18}


def area_of(element: etree._Element, area: FileArea) -> Area | None:
    """Where the files of a text lie: its item is a leaf or an attribute here, or so many elements up."""
    steps = (area.itemid or "").split("/")
    at: etree._Element | None = element
    for step in steps[:-1]:
        at = at.getparent() if at is not None and step == ".." else None
    if at is None:
        return None
    text = (at.get(steps[-1]) or at.findtext(steps[-1]) or "") if steps[-1] else "0"
    return (area.component, area.area, int(text)) if is_whole(text) else None
