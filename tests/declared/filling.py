"""Fills declared documents: each element, attribute and leaf, with values of their own and ids that resolve."""

import base64
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from lxml import etree

from jobs.archive.trees import FileArea, Leaf, Node, Tree
from jobs.archive.xml import NULL

FIRST_ID = 1000
#: Leaves that hold what the engine understands; anywhere else a text of its own will do.
NUMBERS = frozenset([
    "visible", "indent", "number", "startdate", "enddate", "filesize", "itemid",
    "introformat", "summaryformat", "contentformat", "timestart", "timecreated", "timemodified",
])  # fmt: skip
SETTINGS = 'a:2:{s:10:"printintro";i:1;s:5:"title";s:6:"été";}'
ODD = "שלום  é e\u0301 潮 \U0001f41a & < > \" ' \u200f ]]> &amp;"


@dataclass
class Place:
    """Whose folder a document lies in: the ids that the attributes of its elements repeat."""

    directory: str = ""
    kind: str = ""
    module: int = 0
    instance: int = 0
    context: int = 0


@dataclass
class FileSpot:
    """Where a file may lie that an element speaks of."""

    area: FileArea
    itemid: str
    context: int
    #: Whose it is: the element, with its path and the declaration of the document.
    element: etree._Element
    path: str
    tree: Tree


@dataclass
class _Reference:
    element: etree._Element
    leaf: Leaf
    copy: int


@dataclass
class Filling:
    """Fills documents that belong together. Ids are given out at once; what refers to them is set by `resolve`.

    Every text ends with one of `odd`, in turn.
    """

    odd: Sequence[str] = (ODD,)
    ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    spots: list[FileSpot] = field(default_factory=list)
    _numbers: count = field(default_factory=lambda: count(FIRST_ID))
    _references: list[_Reference] = field(default_factory=list)
    _kinds: dict[etree._Element, str] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        number = next(self._numbers)
        self.ids[kind].append(number)
        return number

    def document(self, tree: Tree, place: Place, without: frozenset[str] = frozenset()) -> etree._Element:
        """Make a document; elements of the paths in `without` stay out."""
        root = self._element(tree.root, tree.root.name, place, without, copy=0, variant=None)
        for path, area in tree.file_areas:
            self.spots += [
                FileSpot(area, "", place.context, one, path, tree) for one in root.xpath(f"/{path}")
            ]
        return root

    def _element(self, node: Node, path, place, without, copy, variant) -> etree._Element:
        element = etree.Element(node.name)
        for name, kind in node.attributes.items():
            element.set(name, self._attribute(node, name, kind, place))
        if node.kind:
            self._kinds[element] = node.kind
        for leaf in node.leaves.values():
            self._leaf(element, node, leaf, copy, variant)
        for child in node.children.values():
            below = f"{path}/{child.name}"
            if below not in without and _is_of(child, variant):
                for number, choice in enumerate(_copies(node, child, variant)):
                    element.append(self._element(child, below, place, without, number, choice))
        for kind in node.plugins:
            element.append(self._plugin(kind, node.name))
        return element

    def _attribute(self, node: Node, name: str, kind: str | None, place: Place) -> str:
        own = {"activity": place.instance, "block": place.instance, place.kind: place.instance}
        if name == "id" and node.name in own and place.instance:
            return str(own[node.name])
        if name == "id" and kind == "course_module":
            return str(place.module)
        if name == "id":
            return str(self.new_id(kind))
        if name == "contextid":
            return str(self.new_id("context") if node.name == "user" else place.context)
        values = {"moduleid": place.module, "modulename": place.kind, "blockname": place.kind}
        return str(values.get(name, 2024100700))

    def _leaf(self, element, node: Node, leaf: Leaf, copy: int, variant: str | None) -> None:
        child = etree.SubElement(element, leaf.name)
        if leaf.name == "id" and leaf.refers_to == node.kind:
            child.text = str(self.new_id(node.kind))
        elif copy == 1 and leaf.name in (node.user_data_if, node.user_data_unless):
            child.text = NULL if leaf.name == node.user_data_if else "0"
        elif leaf.refers_to:
            self._references.append(_Reference(child, leaf, copy))
        elif leaf.name == "qtype" and variant:
            child.text = variant.split("_")[2]
        else:
            child.text = self._text(leaf, copy)

    def _text(self, leaf: Leaf, copy: int) -> str:
        number = next(self._numbers)
        odd = self._odd(number)
        if copy == 1 and number % 5 < 2 and not leaf.is_personal and leaf.name not in NUMBERS:
            return ("", NULL)[number % 5]
        if leaf.name in ("availability", "availabilityjson"):
            return json.dumps({"op": "&", "c": [{"type": "date", "d": ">=", "t": number}], "showc": [True]})
        if leaf.name in ("displayoptions", "parameters", "options"):
            return SETTINGS
        if leaf.name in ("configdata", "other"):
            return base64.b64encode(f'O:8:"stdClass":1:{{s:4:"text";s:4:"{number}";}}'.encode()).decode()
        if leaf.name in NUMBERS:
            return str(number)
        if leaf.embeds:
            picture = f"@@PLUGINFILE@@/{leaf.embeds.area}%20潮.png"
            return f'<p>{leaf.name} {number} {odd}</p>\n<img src="{picture}" alt="">'
        return f"<p>{leaf.name} {number}</p>\r\n{odd}" if leaf.is_html else f"{leaf.name} {number} {odd}"

    def _plugin(self, kind: str, name: str) -> etree._Element:
        """What a plugin that nobody has declared adds at this place."""
        odd = self._odd(next(self._numbers))
        wrapper = etree.Element(f"plugin_{kind}_tide_{name}", colour=f"{next(self._numbers)} {odd}")
        own = etree.SubElement(etree.SubElement(wrapper, "tides"), "tide", id=str(next(self._numbers)))
        etree.SubElement(own, "height").text = f"{next(self._numbers)} {odd}"
        etree.SubElement(own, "empty")
        etree.SubElement(own, "nothing").text = NULL
        return wrapper

    def _odd(self, number: int) -> str:
        return self.odd[number % len(self.odd)]

    def resolve(self) -> None:
        """Let every reference be to something that is there, and say where files may lie."""
        for position, one in enumerate(self._references):
            one.element.text = self._reference(one, position)
        for spot in self.spots:
            spot.itemid = _item(spot.element, spot.area.itemid)

    def _reference(self, one: _Reference, position: int) -> str:
        kind = one.leaf.refers_to
        pool = self.ids[kind] or [self.new_id(kind)]  # what the other dialect would hold
        around = self._around(one.element, kind)
        number = around or pool[position % len(pool)]
        if self._kinds.get(one.element.getparent()) == kind and pool.index(number) >= pool.index(
            self._own(one)
        ):
            return "0"  # what stands above comes first
        shapes = {
            "list": f"{number},{pool[0]}", "path": f"/{number}/", "formula": f"=##gi{number}##*2",
            "json": _json(kind, number),
        }  # fmt: skip
        if one.leaf.within:
            return shapes[one.leaf.within]
        return f"-{number}" if one.leaf.is_negative else str(number)

    def _own(self, one: _Reference) -> int:
        return int(one.element.getparent().get("id") or 0)

    def _around(self, leaf: etree._Element, kind: str) -> int:
        """The id of the element around it that is of this kind, if one is."""
        for element in leaf.getparent().iterancestors():
            if self._kinds.get(element) == kind:
                return int(element.get("id") or 0)
        return 0


def _json(kind: str, number: int) -> str:
    if kind == "user":
        everybody = {"selectiontype": "all", "selectionid": "all", "role": "viewer"}
        one = {"selectiontype": "user", "selectionid": str(number), "role": "moderator"}
        return json.dumps([everybody, one], separators=(",", ":"))
    category = {"jointype": 1, "values": [number], "filteroptions": {"includesubcategories": True}}
    tags = {"jointype": 1, "values": [FIRST_ID]}
    return json.dumps({"filter": {"category": category, "qtagids": tags}}, separators=(",", ":"))


def variants_of(node: Node) -> list[str]:
    """The alternatives of which an element has one: what the types of questions know."""
    return [name for name in node.children if name.startswith("plugin_qtype_")]


def _variants_below(node: Node) -> list[str]:
    found = variants_of(node)
    return found or next((more for child in node.children.values() if (more := _variants_below(child))), [])


def _is_of(node: Node, variant: str | None) -> bool:
    return variant is None or not node.name.startswith("plugin_qtype_") or node.name == variant


def _copies(parent: Node, node: Node, variant: str | None) -> list[str | None]:
    """Say how often an element is there, and with which alternative below it each time."""
    if node.is_rows and variant is None and (variants := _variants_below(node)):
        return list(variants)
    is_one_of_many = node.kind and "id" in node.attributes and not parent.attributes and not parent.leaves
    conditional = node.user_data_if or node.user_data_unless
    return [variant] * (3 if conditional else 2 if node.is_rows or is_one_of_many else 1)


def _item(element: etree._Element, path: str | None) -> str:
    """The item of a file area: what stands at this path from its element (../../id)."""
    if path is None:
        return "0"
    steps, _, name = path.rpartition("/")
    for _ in steps.split("/") if steps else ():
        element = element.getparent()
    return element.get(name) or element.findtext(name) or "0"
