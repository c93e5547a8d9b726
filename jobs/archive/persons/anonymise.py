"""Makes people anonymous: other names, ids and addresses, the same ones wherever somebody is meant.

Who did what together stays to be seen; who it was does not. The numbers are drawn anew for each backup and
kept nowhere, so that even the site that it comes from can't tell.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from jobs.archive.ids.mentions import renumber_mentions, renumber_participants
from jobs.archive.ids.person_names import holds_person, is_personal_name, names_person
from jobs.archive.ids.php import within
from jobs.archive.persons.names_in_text import NamesInText, address, first_name, last_name, user_name
from jobs.archive.persons.people import is_user_data
from jobs.archive.trees import Leaf, Node, Tree
from jobs.archive.xml import is_leaf, is_slot, set_text, text_of

_PERSON = "users/user"
_ADDRESS_OF_NOBODY = "127.0.0.1"
_NOTHING_SERIALISED = "Tjs="  # "N;", PHP's null, in base64
# Of users.xml: what says nothing about who it is, and what is a number and becomes 0.
_KEPT = frozenset(
    ("descriptionformat", "confirmed", "deleted", "lang", "theme", "timezone", "mailformat", "maildigest",
     "maildisplay", "autosubscribe", "trackforums", "trustbitmask")
)  # fmt: skip
_ZERO = frozenset(
    ("picture", "policyagreed", "firstaccess", "lastaccess", "lastlogin", "currentlogin", "timecreated", "timemodified")
)  # fmt: skip
_DROPPED = frozenset(("password", "mnethosturl"))
_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class _Words:
    """Whether texts are somebody's own words, and of whom they then speak most likely."""

    are_somebodys: bool
    present: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Someone:
    """What a person is called until now."""

    id: int
    username: str = ""
    email: str = ""
    firstname: str = ""
    lastname: str = ""
    context: int = 0  # the id of their own context, by which their site knows them as well

    @property
    def name(self) -> str:
        return f"{self.firstname} {self.lastname}".strip()


class Anonymiser:
    """Knows who becomes whom in one backup. `free_id`: from here on no id of a context is taken."""

    def __init__(self, people: Iterable[Someone], free_id: int) -> None:
        everybody = {one.id: one for one in people}
        order = list(everybody)
        random.SystemRandom().shuffle(order)
        self._numbers = {old: new for new, old in enumerate(order, 1)}
        self._free_id = free_id
        self._contexts = {
            str(one.context): str(free_id + self._numbers[one.id])
            for one in everybody.values()
            if one.context
        }
        self._by_name: dict[str, int] = {}
        self._names = NamesInText()
        for old, one in everybody.items():
            number = self._numbers[old]
            self._names.add(
                number, username=one.username, email=one.email, firstname=one.firstname, lastname=one.lastname
            )
            self._by_name |= {text.casefold(): number for text in (one.name, one.username, one.email) if text}

    @property
    def order(self) -> list[int]:
        """The ids of the people, in the order of their new ones."""
        return list(self._numbers)

    def number(self, old: int) -> int:
        """The new id of a person, also of one who is only referred to; nobody stays nobody."""
        return self._numbers.setdefault(old, len(self._numbers) + 1) if old > 0 else old

    def apply(self, element: etree._Element, path: str, tree: Tree) -> None:
        """Make a record or a skeleton anonymous, in place."""
        if path == _PERSON:
            self.person(element)
            return
        # A piece may name nobody, and be of what does.
        is_somebodys = is_user_data(element, path, tree) or tree.is_piece(path)
        present = self._taking_part(element) if is_somebodys else frozenset()
        self._walk(element, tree.node(path), _Words(is_somebodys, present))

    def person(self, element: etree._Element) -> None:
        """Make a person of users.xml anonymous, in place."""
        number = int(self._new(element.get("id") or "0"))
        element.set("id", str(number))
        if "contextid" in element.attrib:
            element.set("contextid", str(self._free_id + number))
        known = _called(number)
        for child in list(element.iterchildren(etree.Element)):
            tag = str(child.tag)
            if tag in ("custom_fields", "tags", "preferences"):
                del child[:]
            elif tag == "roles":
                for part in child:
                    del part[:]
            elif not is_leaf(child) or tag in _DROPPED:
                element.remove(child)
            elif tag not in _KEPT:
                set_text(child, known.get(tag, "0" if tag in _ZERO else ""))

    def rename(self, file: etree._Element) -> None:
        """Take people out of the names of a file that somebody handed in."""
        for leaf in file.iterchildren("filename", "filepath", "source"):
            if (text := text_of(leaf)) and not is_slot(leaf):
                set_text(leaf, self._names.replace(text))

    def _taking_part(self, element: etree._Element) -> frozenset[int]:
        """The new numbers of those whose this is."""
        named = (one.text for one in element.iter(etree.Element) if names_person(str(one.tag)))
        numbers = {int(text) for text in named if text and _NUMBER.fullmatch(text)}
        return frozenset(self._numbers[number] for number in numbers & self._numbers.keys())

    def _walk(self, element: etree._Element, node: Node | None, words: _Words) -> None:
        for name, value in element.items():
            self._attribute(element, str(name), str(value), node)
        if element.findtext("objecttable") == "user":  # of a log entry: what its objectid is the id of
            for about in element.iterchildren("objectid"):
                about.text = self._new(about.text or "")
        owner = element.findtext("userid") or ""  # as it was, also once that leaf has changed
        for child in element.iterchildren(etree.Element):
            known = node.children.get(child.tag) if node else None
            leaf = node.leaves.get(child.tag) if node else None
            if known is None and (leaf is not None or is_leaf(child)):
                if not is_slot(child) and text_of(child) not in (None, "", "0"):
                    self._leaf(child, leaf, words, owner)
            elif known is not None and known.is_user_data and not words.are_somebodys:
                self._walk(child, known, _Words(True, self._taking_part(child)))
            else:
                self._walk(child, known, words)

    def _attribute(self, element: etree._Element, name: str, value: str, node: Node | None) -> None:
        is_declared = node is not None and name in node.attributes
        if not is_declared and names_person(name):
            element.set(name, self._new(value))
        elif not is_declared and is_personal_name(name) and value:
            element.set(name, self._instead(name, value, None, "") or "")
        elif name == "contextid" and value in self._contexts:
            element.set(name, self._contexts[value])

    def _leaf(self, leaf: etree._Element, known: Leaf | None, words: _Words, owner: str) -> None:
        text = leaf.text or ""
        refers_to = known.refers_to if known else "user" if holds_person(leaf) else None
        is_personal = known.is_personal if known else is_personal_name(leaf.tag)
        if refers_to == "user":
            in_list = known is not None and known.within is not None
            leaf.text = renumber_participants(text, self.number) if in_list else self._new(text)
        elif refers_to == "context":
            leaf.text = self._contexts.get(text, text)
        elif is_personal:
            set_text(leaf, self._instead(str(leaf.tag), text, known, owner))
        elif refers_to is None:
            changed = renumber_mentions(text, self.number)
            if words.are_somebodys:
                changed = within(changed, lambda written: self._names.replace(written, words.present))
            leaf.text = changed

    def _instead(self, tag: str, text: str, known: Leaf | None, owner: str) -> str | None:
        """What takes the place of something that tells who somebody is; None for a null."""
        if tag == "other":
            return _NOTHING_SERIALISED
        if tag.lower().endswith("ip"):
            return _ADDRESS_OF_NOBODY
        number = self._by_name.get(text.casefold(), 0)
        if not number and tag == "author":
            number = int(self._new(owner))
        if number < 1:
            return known.vacant if known else ""
        called = _called(number)
        return called.get(tag) or (
            called["email"] if "@" in text else f"{first_name(number)} {last_name(number)}"
        )

    def _new(self, text: str) -> str:
        """The new id for one in a leaf. Where something else stands, it may be a name; or nothing."""
        return text and (
            str(self.number(int(text)))
            if _NUMBER.fullmatch(text)
            else str(self._by_name.get(text.casefold(), 0))
        )


def _called(number: int) -> dict[str, str]:
    """What stands in the leaves of such a person, as Moodle 4.5 has it."""
    return {
        "username": user_name(number), "email": address(number), "auth": "manual",
        "firstname": first_name(number), "lastname": last_name(number),
        "city": "Perth", "country": "AU", "lastip": _ADDRESS_OF_NOBODY,
    }  # fmt: skip
