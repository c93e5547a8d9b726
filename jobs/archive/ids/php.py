"""Reads and writes what PHP's serialize() makes: a:1:{s:5:"title";s:4:"Tide";}. Nothing of it is ever run.

What is read is written again byte for byte, and what is not serialised in just that way is refused. A text
may stand in base64, as Moodle keeps the settings of blocks and what log entries tell.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

#: Values nested deeper are refused.
DEEPEST = 40
_START = re.compile(
    rb"(?P<plain>N|b:[01]|i:-?(?:0|[1-9][0-9]{0,18})|d:[-+.0-9EINFA]{1,40}|[rR]:[1-9][0-9]{0,9});"
    rb"|(?P<text>s:(?:0|[1-9][0-9]{0,9}):\")"
    rb"|(?P<group>a|O:[1-9][0-9]{0,4}:\"[\w\\]+\"):(?P<count>0|[1-9][0-9]{0,9}):\{"
)
#: How a packed text begins: an array or an object, as it is or in base64.
_PACKED = re.compile(r"[aO]:[0-9]+:|YTo|Tzo")

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class PhpError(ValueError):
    """The text is not serialised by PHP, or damaged."""


@dataclass
class Plain:
    """A number, a truth, null, or what points to another value, as it is written: `i:5`, `b:1`, `N`, `R:2`."""

    written: str


@dataclass
class Text:
    """A text; bytes, for PHP knows of no encoding."""

    content: bytes


@dataclass
class Group:
    """An array (`a`) or an object (`O:8:"stdClass"`) with its keys and values."""

    head: str
    items: list[tuple["Value", "Value"]]


Value = Plain | Text | Group
Settings = str | int | bool | None | dict[str, "Settings"]
#: Gets the keys that lead to a value, and the number or text there; returns what is to stand there.
Change = Callable[[tuple[str, ...], str], str]


def parse(content: bytes) -> Value:
    """Read one value. Raises PhpError."""
    value, end = _value(content, 0, 0)
    if end != len(content):
        raise PhpError("more than one value")
    return value


def write(value: Value) -> bytes:
    """Write a value as PHP would."""
    if isinstance(value, Plain):
        return f"{value.written};".encode()
    if isinstance(value, Text):
        return b's:%d:"%s";' % (len(value.content), value.content)
    inside = b"".join(write(part) for item in value.items for part in item)
    return b"%s:%d:{%s}" % (value.head.encode(), len(value.items), inside)


def is_packed(text: str) -> bool:
    """Whether a text looks like a serialised array or object, as it is or in base64."""
    return _PACKED.match(text) is not None


def rewrite(text: str, change: Change) -> str:
    """Change numbers and texts within a serialised text; what stays equal stays byte for byte.

    Raises PhpError if the text is not a serialised one.
    """
    is_bare = text.startswith(("a:", "O:"))
    content = text.encode() if is_bare else _unpacked(text)
    value = parse(content)
    _change(value, (), change)
    changed = write(value)
    if changed == content:
        return text
    return changed.decode() if is_bare else base64.b64encode(changed).decode()


def within(text: str, change: Callable[[str], str]) -> str:
    """Change a text, or those that are packed in it: serialised, or as a whole in base64."""
    if is_packed(text):
        try:
            return rewrite(text, lambda path, written: change(written))
        except PhpError:
            pass  # words that only begin like settings
    if _BASE64.fullmatch(text):
        try:
            plain = _unpacked(text).decode()
        except (PhpError, UnicodeDecodeError):
            return change(text)
        changed = change(plain)
        return text if changed == plain else base64.b64encode(changed.encode()).decode()
    return change(text)


def unpack_settings(text: str) -> dict[str, "Settings"]:
    """The settings that a text in base64 holds, by their names; arrays are such dicts too. Raises PhpError."""
    found = as_dict(parse(_unpacked(text)))
    return found if isinstance(found, dict) else {}


def as_dict(value: Value) -> "Settings":
    """A value in Python's own types: groups by their keys, texts with what is no letter replaced."""
    if isinstance(value, Group):
        return {_key(key): as_dict(inner) for key, inner in value.items}
    if isinstance(value, Text):
        return value.content.decode(errors="replace")
    kind, _, written = value.written.partition(":")
    return int(written) if kind == "i" else written == "1" if kind == "b" else None


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PhpError("neither serialised nor base64") from error


def _value(content: bytes, at: int, depth: int) -> tuple[Value, int]:
    found = _START.match(content, at)
    if found is None or depth > DEEPEST:
        raise PhpError(f"no value at {at}")
    if found["plain"]:
        return Plain(found["plain"].decode()), found.end()
    if found["text"]:
        end = found.end() + int(found["text"][2:-2])
        if content[end : end + 2] != b'";':
            raise PhpError(f"no text at {at}")
        return Text(content[found.end() : end]), end + 2
    return _group(content, found, depth)


def _group(content: bytes, found: re.Match[bytes], depth: int) -> tuple[Group, int]:
    group, at = Group(found["group"].decode(), []), found.end()
    _check_class(group.head)
    for _ in range(int(found["count"])):
        key, at = _value(content, at, depth)
        if isinstance(key, Group) or (isinstance(key, Plain) and not key.written.startswith("i:")):
            raise PhpError(f"no key before {at}")
        value, at = _value(content, at, depth + 1)
        group.items.append((key, value))
    if content[at : at + 1] != b"}":
        raise PhpError(f"no end at {at}")
    return group, at + 1


def _check_class(head: str) -> None:
    if head != "a":
        _, length, name = head.split(":", 2)
        if len(name) - 2 != int(length):
            raise PhpError(f"no class {name}")


def _change(value: Value, path: tuple[str, ...], change: Change) -> None:
    if isinstance(value, Group):
        for key, inner in value.items:
            _change(inner, (*path, _key(key)), change)
    elif isinstance(value, Text):
        try:
            value.content = change(path, value.content.decode()).encode()
        except UnicodeDecodeError:
            return  # bytes that are no letters: nothing that we know how to change
    elif value.written.startswith("i:"):
        value.written = f"i:{int(change(path, value.written[2:]))}"


def _key(key: Value) -> str:
    """The name of a key; of a hidden property, which PHP writes as NUL class NUL name, its name."""
    if isinstance(key, Text):
        return key.content.rpartition(b"\0")[2].decode(errors="replace")
    return key.written[2:] if isinstance(key, Plain) else ""
