"""Reads the notation in which the documents of an archive are declared: the `.tree` files beside this module.

    # A comment. Two spaces of indentation are one level.
    discussion @id (rows, user data)      an element, its attributes, and what it is
      - name, timemodified                leaves that mean nothing beyond themselves
      - userid: user                      a leaf that holds the id of something
      posts                               an element inside
        post @id
          - message: html mod_forum/post itemid=id
          files mod_forum/attachment itemid=id
          include ratings                 what fragments/ratings.tree says, here
      plugins local                       types of plugins that add plugin_TYPE_NAME_ELEMENT here

An element is `rows` where each of its kind is kept as a record of its own, and `user data` where it goes, with
all that is in it, when people are left out; `user data if LEAF` where that leaf names somebody, `user data
unless LEAF` where that leaf names what else it belongs to.

What a leaf may hold, several joined by commas:

    user, group, forum_post …     an id of this kind
    user or 0, user or null       an id, and what stands there instead when people are left out
    -scale                        an id with a minus before it (a positive number is something else)
    question in list              ids inside a text: in a list, path, formula or json
    html, html mod_forum/post     HTML, and the file area of what it embeds; itemid=../../id: two elements up
    personal, encrypted           something that says who a person is; something only its own site can read
    personal or empty             the same where the column takes no null
    date, date due                a moment, 0 for none, that moves when the course begins on another day; its word
    dates in conditions           such moments inside a tree of conditions

An id is of the kind that references name: forum_post for `post @id` in modules/forum.tree, elsewhere the name
of the element, or what stands behind a colon (`module @id:course_module`).
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

from jobs.archive.xml import NULL

_ELEMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<attributes>( @\w+(:\w+)?)*)( \((?P<flags>[\w, ]+)\))?")
_LEAVES = re.compile(r"- (?P<names>\w+(, \w+)*)(: (?P<meanings>.+))?")
_FILES = re.compile(r"(files|html) (?P<component>\w+)/(?P<area>\w+)( itemid=(?P<itemid>[\w./]+))?")
_PLUGINS = re.compile(r"plugins (?P<types>\w+(, \w+)*)")
_INCLUDE = re.compile(r"include (?P<name>\w+)")
_DATE = re.compile(r"date( (?P<word>[a-z][a-z ]*))?")
_REFERENCE = re.compile(r"(?P<minus>-?)(?P<kind>[a-z]\w*)( or (?P<vacant>0|null)| in (?P<within>[a-z]+))?")
_CONDITIONS = ("user data if ", "user data unless ")
_KINDS = {"contextid": "context", "moduleid": "course_module"}  # what these attributes hold, everywhere


class NotationError(ValueError):
    """A `.tree` file says something that the notation does not have."""


@dataclass(frozen=True, slots=True)
class FileArea:
    """Where files of an element lie; `itemid` is the leaf or attribute that holds their item."""

    component: str
    area: str
    itemid: str | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is known about the text of one leaf. `vacant` stands in it when people are left out; `date` is the
    word for what a moment is ("" if nobody calls it anything), None where it is no date or one that stays."""

    name: str
    refers_to: str | None = None
    is_negative: bool = False
    within: str | None = None
    vacant: str | None = None
    is_html: bool = False
    embeds: FileArea | None = None
    is_personal: bool = False
    is_encrypted: bool = False
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """What is known about one element. `kind` is that of its id; each attribute has the kind it holds."""

    name: str
    kind: str | None
    attributes: Mapping[str, str | None]
    is_rows: bool
    is_user_data: bool
    user_data_if: str | None
    user_data_unless: str | None
    leaves: Mapping[str, Leaf]
    children: Mapping[str, "Node"]
    files: tuple[FileArea, ...]
    plugins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    indent: int
    text: str
    place: str

    def error(self, what: str) -> NotationError:
        return NotationError(f"{self.place}: {what}: {self.text}")


@dataclass(slots=True)
class _Body:
    """What stands below an element, as it is being read."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    files: list[FileArea] = field(default_factory=list)
    plugins: list[str] = field(default_factory=list)


def read_tree(folder: str, name: str) -> Node:
    """Read one `.tree` file and what it includes."""
    text = resources.files(__package__).joinpath(folder, f"{name}.tree").read_text(encoding="utf-8")
    return parse_tree(text, f"{folder}/{name}.tree", module=name if folder == "modules" else "")


def parse_tree(text: str, place: str, module: str = "") -> Node:
    """Parse a declaration; `module` is the activity type whose it is, for the kinds of its ids."""
    lines = deque(_lines(text, place, 0))
    root = _read_element(lines, module)
    if lines:
        raise lines[0].error("a second root")
    return root


def _lines(text: str, place: str, indent: int) -> Iterator[_Line]:
    for number, raw in enumerate(text.splitlines(), 1):
        content = re.sub(r"(^|  )#.*", "", raw).rstrip()
        line = _Line(indent + len(content) - len(content.lstrip()), content.strip(), f"{place}:{number}")
        if include := _INCLUDE.fullmatch(line.text):
            fragment = f"fragments/{include['name']}.tree"
            included = resources.files(__package__).joinpath(fragment).read_text(encoding="utf-8")
            yield from _lines(included, fragment, line.indent)
        elif line.text:
            yield line


def _read_element(lines: deque[_Line], module: str) -> Node:
    line = lines.popleft()
    element = _ELEMENT.fullmatch(line.text)
    if element is None:
        raise line.error("not an element")
    flags = element["flags"].split(", ") if element["flags"] else []
    conditions = {
        start: flag.removeprefix(start) for flag in flags for start in _CONDITIONS if flag.startswith(start)
    }
    known = {"rows", "user data", *(start + leaf for start, leaf in conditions.items())}
    if unknown := set(flags) - known:
        raise line.error(f"unknown words {', '.join(unknown)}")
    body = _Body()
    while lines and lines[0].indent > line.indent:
        if lines[0].indent != line.indent + 2:
            raise lines[0].error("wrong indentation")
        _read_into(body, lines, module)
    attributes = dict(_attributes(element["attributes"], _kind(element["name"], module)))
    return Node(
        name=element["name"],
        kind=attributes.get("id") or (body.leaves["id"].refers_to if "id" in body.leaves else None),
        attributes=MappingProxyType(attributes),
        is_rows="rows" in flags,
        is_user_data="user data" in flags,
        user_data_if=conditions.get(_CONDITIONS[0]),
        user_data_unless=conditions.get(_CONDITIONS[1]),
        leaves=MappingProxyType(body.leaves),
        children=MappingProxyType(body.children),
        files=tuple(body.files),
        plugins=tuple(body.plugins),
    )


def _read_into(body: _Body, lines: deque[_Line], module: str) -> None:
    """Read the next statement, or the next element with all that is in it."""
    line = lines[0]
    if leaves := _LEAVES.fullmatch(line.text):
        names = leaves["names"].split(", ")
        if leaves["meanings"] and len(names) > 1:
            raise line.error("one meaning for several leaves")
        _add(body.leaves, {name: _leaf(name, leaves["meanings"], line) for name in names}, line)
    elif area := _file_area(line.text, "files "):
        body.files.append(area)
    elif plugins := _PLUGINS.fullmatch(line.text):
        body.plugins += plugins["types"].split(", ")
    else:
        child = _read_element(lines, module)
        _add(body.children, {child.name: child}, line)
        return
    lines.popleft()


_Known = TypeVar("_Known")


def _add(known: dict[str, _Known], new: Mapping[str, _Known], line: _Line) -> None:
    if twice := known.keys() & new.keys():
        raise line.error(f"declared twice, {', '.join(twice)}")
    known.update(new)


def _kind(element: str, module: str) -> str:
    if element == "activity":
        return module
    return element if element.startswith(module) else f"{module}_{element}"


def _attributes(text: str, kind: str) -> Iterator[tuple[str, str | None]]:
    for attribute in text.split():
        name, _, explicit = attribute.removeprefix("@").partition(":")
        yield name, explicit or (kind if name == "id" else _KINDS.get(name))


def _leaf(name: str, meanings: str | None, line: _Line) -> Leaf:
    known: dict[str, Any] = {}
    for meaning in meanings.split(", ") if meanings else ():
        if meaning in ("personal", "encrypted"):
            known[f"is_{meaning}"] = True
        elif meaning == "personal or empty":
            known |= {"is_personal": True, "vacant": ""}
        elif meaning == "html":
            known["is_html"] = True
        elif meaning == "dates in conditions":
            known |= {"date": "available", "within": "conditions"}
        elif date := _DATE.fullmatch(meaning):
            known["date"] = date["word"] or ""
        elif area := _file_area(meaning, "html "):
            known |= {"is_html": True, "embeds": area}
        elif reference := _REFERENCE.fullmatch(meaning):
            known |= _reference(reference)
        else:
            raise line.error(f"unknown meaning {meaning}")
    return Leaf(name, **known)


def _reference(found: re.Match[str]) -> dict[str, Any]:
    return {
        "refers_to": found["kind"],
        "is_negative": bool(found["minus"]),
        "within": found["within"],
        "vacant": NULL if found["vacant"] == "null" else found["vacant"],
    }


def _file_area(text: str, word: str) -> FileArea | None:
    found = _FILES.fullmatch(text) if text.startswith(word) else None
    return FileArea(found["component"], found["area"], found["itemid"]) if found else None
