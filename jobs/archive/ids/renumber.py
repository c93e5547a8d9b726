"""Gives the ids in a document other numbers: those of what comes into a course that has its own already.

The declarations say which leaf holds the id of what. Of what is not declared, ids and leaves named after
something known are taken for what they seem. 0, -1 and null mean nobody or nothing, and stay.
"""

import re

from lxml import etree

from jobs.archive.ids.availability import LEAVES as CONDITIONS
from jobs.archive.ids.embedded import NewId, number, renumber_conditions, renumber_within
from jobs.archive.ids.id_names import kind_named
from jobs.archive.ids.packed_settings import renumber_block, renumber_log_entry, renumber_packed
from jobs.archive.ids.person_names import holds_person
from jobs.archive.ids.php import PhpError, is_packed
from jobs.archive.ids.tokens import renumber_tokens
from jobs.archive.trees import Leaf, Node, Tree
from jobs.archive.xml import is_leaf, is_slot, text_of

_NUMBER = re.compile(r"[0-9]{1,16}")
# Leaves that hold the id of one thing or another. By the kind of their element: what tells, and what it says.
_ONE_OR_ANOTHER: dict[tuple[str, str], tuple[str, dict[str, str | None]]] = {
    ("grade_item", "iteminstance"): ("itemtype", {"course": "grade_category", "category": "grade_category", "": None}),
    ("question_category", "contextinstanceid"): ("contextlevel", {"50": "course", "70": "course_module"}),
    ("log_entry", "objectid"): ("objecttable", {"user": "user", "course": "course", "groups": "group",
                                                "course_sections": "course_section", "": None}),
    ("event", "instance"): ("modulename", {"": None}),
    ("comment", "itemid"): ("component", {"": None}),
    ("role_assignment", "itemid"): ("component", {"": "enrol"}),
    ("group_member", "itemid"): ("component", {"": "enrol"}),
    ("grading_instance", "itemid"): ("", {"": None}),
    ("course_section", "itemid"): ("component", {"": None}),
    ("xapi_state", "itemid"): ("", {"": "context"}),
}  # fmt: skip
# Moodle 4.5 badges/criteria/award_criteria_*.php: a parameter called module_12 has the value 12, and others of the
# same criterion say by when (bydate_12) or with what (grade_12).
_PARAMETER = re.compile(r"(?P<word>module|role|course|badge|bydate|grade)_(?P<id>[0-9]{1,16})")
_PARAMETERS = {"module": "course_module", "role": "role", "course": "course", "badge": "badge"}
_CRITERIA = {"1": "course_module", "4": "course", "5": "course"}
# Moodle 4.5 question/type/*/question.php: what a step remembers as ids of answers, in the order shown.
_ORDER = re.compile(r"_(sub[0-9]+_)?(order|stemorder|choiceorder|correctresponse|currentresponse)")
_ORDERED = {"stemorder": "match", "choiceorder": "match"}
_OWN_STEM = "_stem_"
# Moodle 2.0 question/type/*/questiontype.php: the state of a random question begins with the one drawn; that of a
# choice lists its answers in the order shown, and behind them those that were chosen: random12-40,42:42.
_DRAWN = re.compile(r"random([0-9]{1,16})-")
_CHOICE = re.compile(r"([0-9]{1,16}(?:,[0-9]{1,16})+):([0-9,]*)")
_STEM = re.compile(r"(?P<stem>\w+?)_?id")


def renumber(
    element: etree._Element, path: str, tree: Tree, new: NewId, named: frozenset[str] = frozenset()
) -> bool:
    """Give every id in a record or a skeleton the number that `new` has for its kind, in place.

    `named` are things that have an id elsewhere in the document: a plugin's leaf may be called after one of them.
    False if there are settings of a block that can't be read: they stay as they are.
    """
    known = {
        *named,
        *path.split("/"),
        *(str(node.tag) for node in element.iter(etree.Element) if node.get("id")),
    }
    renumbering = _Renumbering(new, frozenset(known))
    renumbering.element(element, tree.node(path))
    return renumbering.could_read


class _Renumbering:
    def __init__(self, new: NewId, named: frozenset[str]) -> None:
        self._new = new
        self._named = named  # what a plugin’s leaf may be called after
        self.could_read = True

    def element(self, element: etree._Element, node: Node | None) -> None:
        """Renumber the element’s attributes and all that is in it."""
        self._attributes(element, node)
        for child in element.iterchildren(etree.Element):
            known = node.children.get(child.tag) if node else None
            if known is not None or not is_leaf(child):
                self.element(child, known)
            elif not is_slot(child):
                if child.attrib and (node is None or child.tag not in node.leaves):
                    self._attributes(child, None)
                self._leaf(child, node)
        if node is not None and node.kind == "parameter":
            self._parameter(element)

    def _attributes(self, element: etree._Element, node: Node | None) -> None:
        for name, value in element.items():
            name, value = str(name), str(value)
            if node is not None and name in node.attributes:
                kind = node.attributes[name]
                is_id = kind is not None
            else:
                kind, is_id = kind_named(name), name.endswith("id")
            if is_id and _NUMBER.fullmatch(value):
                element.set(name, number(value, kind, self._new))

    def _leaf(self, leaf: etree._Element, node: Node | None) -> None:
        text = text_of(leaf)
        if not text:
            return
        changed = self._text(leaf, text, node)
        if changed != text:
            leaf.text = changed

    def _text(self, leaf: etree._Element, text: str, node: Node | None) -> str:
        declared = node.leaves.get(leaf.tag) if node else None
        if leaf.tag in CONDITIONS:
            return renumber_conditions(text, self._new)
        if declared is not None and declared.refers_to:
            return self._reference(text, declared)
        if node is not None and node.kind and (node.kind, leaf.tag) in _ONE_OR_ANOTHER:
            return self._one_or_another(leaf, text, node.kind)
        if leaf.tag == "answer" and node is not None and node.kind == "question_state":
            return self._old_answer(text)
        if ordered := _ordered(leaf):
            return renumber_within(text, "list", ordered, self._new)
        if declared is None and _NUMBER.fullmatch(text):
            return self._undeclared(leaf, text)
        if leaf.tag == "configdata" and node is not None and node.kind == "block":
            return self._block(leaf, text)
        return self._words(leaf, text)

    def _old_answer(self, text: str) -> str:
        """What a state of Moodle 2.0 says; a number that stands alone may be one that somebody answered, and stays."""
        drawn = _DRAWN.match(text)
        head, said = (drawn[0], text[drawn.end() :]) if drawn else ("", text)
        if drawn:
            head = f"random{number(drawn[1], 'question', self._new)}-"
        choice = _CHOICE.fullmatch(said)
        if choice and set(choice[2].split(",")) <= {"", *choice[1].split(",")}:
            said = renumber_within(said, "list", "question_answer", self._new)
        return head + said

    def _block(self, leaf: etree._Element, text: str) -> str:
        parent = leaf.getparent()
        name = parent.findtext("blockname") if parent is not None else None
        try:
            return renumber_block(text, name or "", self._new)
        except PhpError:
            self.could_read = False
            return text

    def _words(self, leaf: etree._Element, text: str) -> str:
        if is_packed(text):
            try:
                rewritten = renumber_log_entry if leaf.tag == "other" else renumber_packed
                return rewritten(text, self._new)
            except PhpError:
                pass  # words that only begin like settings
        return renumber_tokens(text, self._new)

    def _reference(self, text: str, leaf: Leaf) -> str:
        kind = leaf.refers_to or ""
        if leaf.within:
            return renumber_within(text, leaf.within, kind, self._new)
        minus = "-" if leaf.is_negative else ""
        digits = text.removeprefix(minus)
        is_id = text.startswith(minus) and _NUMBER.fullmatch(digits)
        return minus + number(digits, kind, self._new) if is_id else text

    def _one_or_another(self, leaf: etree._Element, text: str, kind: str) -> str:
        sibling, kinds = _ONE_OR_ANOTHER[kind, str(leaf.tag)]
        parent = leaf.getparent()
        says = (parent.findtext(sibling) if parent is not None and sibling else "") or ""
        if not _NUMBER.fullmatch(text) or (says not in kinds and "" not in kinds):
            return text
        return number(text, kinds[says] if says in kinds else kinds[""], self._new)

    def _undeclared(self, leaf: etree._Element, text: str) -> str:
        name = str(leaf.tag)
        if kind := "user" if holds_person(leaf) else kind_named(name):
            return number(text, kind, self._new)
        stem = _STEM.fullmatch(name)
        return number(text, None, self._new) if stem and stem["stem"] in self._named else text

    def _parameter(self, element: etree._Element) -> None:
        name, value = element.find("name"), element.find("value")
        found = _PARAMETER.fullmatch(name.text or "") if name is not None else None
        if name is None or found is None:
            return
        word = found["word"]
        kind = _PARAMETERS.get(word) or _CRITERIA.get(element.findtext("criteriatype") or "")
        if kind is None:
            return
        changed = number(found["id"], kind, self._new)
        name.text = f"{word}_{changed}"
        if word in _PARAMETERS and value is not None and value.text == found["id"]:
            value.text = changed


def _ordered(leaf: etree._Element) -> str | None:
    """The kind of the ids that a variable of an attempt lists in its value; None if it lists none."""
    parent = leaf.getparent()
    if leaf.tag != "value" or parent is None or parent.tag != "variable":
        return None
    found = _ORDER.fullmatch(parent.findtext("name") or "")
    if found is None or (found[2] in _ORDERED and _brings_its_stems(parent)):
        return None
    return _ORDERED.get(found[2], "question_answer")


def _brings_its_stems(variable: etree._Element) -> bool:
    """Whether an attempt lists stems that it holds itself, under names with their numbers (qtype_randomsamatch)."""
    response = variable.getparent()
    names = (
        (one.findtext("name") or "" for one in response.iterchildren("variable"))
        if response is not None
        else ()
    )
    return any(name.startswith(_OWN_STEM) for name in names)
