"""Changes a declared course at random, within what a reader of the format has to bear."""

from copy import deepcopy
from dataclasses import dataclass

from hypothesis import strategies as st
from lxml import etree

from jobs.archive.trees import CORE_ACTIVITY_TYPES
from jobs.archive.xml import NULL
from tests.declared.archive import BANKS, declared_course

#: Leaves by which the archive holds together; a restored course has the first two anew.
KEPT = frozenset({"shortname", "visible", "fullname", "contenthash", "filename"})
_XML = st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"], exclude_characters="\0").filter(
    lambda one: one in "\t\n\r" or " " <= one < "\ufffe"
)
ODD_TEXTS = [
    "", NULL, " ", "\r\n", "0", "01", "-1", "$@NULL@$ ", "<p>&amp;</p>", "]]>", "שלום \u202e\u200f", "e\u0301" * 3,
    "$@PAGEVIEWBYID*12@$", 'a:1:{i:0;s:1:"x";}', '{"op":', "9" * 30, "潮" * 20_000,
]  # fmt: skip
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(_XML, max_size=30)
NAMES = st.sampled_from(["tide", "tides", "plugin_local_tide_element", "subplugin_x_y", "instance", "item_1"])


@dataclass(frozen=True)
class Change:
    """One change of one element, which `where` picks: 0 is the first of all documents, 1 behind the last."""

    what: str
    where: float
    name: str
    text: str


CHANGES = st.builds(
    Change,
    st.sampled_from(["remove", "repeat", "say", "add leaf", "add tree", "add attribute", "empty"]),
    st.floats(0, 1, exclude_max=True),
    NAMES,
    TEXTS,
)


@st.composite
def any_courses(draw, changes):
    """A course with an activity of one type, and one of none that is known, and at most so many changes."""
    kind = draw(st.sampled_from(sorted(CORE_ACTIVITY_TYPES)))
    course = declared_course(draw(st.sampled_from(sorted(BANKS))), {kind})
    elements = [
        one
        for name, root in sorted(course.documents.items())
        if not name.endswith("inforef.xml")
        for one in root.iterdescendants(etree.Element)
        if one.tag not in KEPT
    ]
    for change in draw(st.lists(CHANGES, max_size=changes)):
        one = elements[int(change.where * len(elements))]
        if one.getparent() is not None:  # else it is gone by a change before
            _change(course, one, change)
    return course


def _change(course, one, change):
    if change.what == "remove":
        one.getparent().remove(one)
    elif change.what == "repeat":
        one.addnext(_with_new_ids(course, deepcopy(one)))
    elif change.what == "empty":
        del one[:]
    elif change.what == "add attribute":
        one.set(change.name, change.text)
    elif change.what == "say" and not len(one):
        one.text = change.text
    elif len(one):
        added = etree.SubElement(one, change.name)
        if change.what == "add tree":
            added = etree.SubElement(etree.SubElement(added, "rows"), "row", id="7")
            added = etree.SubElement(added, "cell")
        added.text = change.text


def _with_new_ids(course, element):
    for one in element.iter(etree.Element):
        if one.get("id"):
            one.set("id", str(course.filling.new_id("any")))
    return element
