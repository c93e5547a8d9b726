"""Reads what PHP's serialize() wrote, as far as it is lists, texts and numbers; makes nothing else of it."""

from __future__ import annotations

import re

#: Texts longer than this, and lists nested deeper, are not read.
LONGEST, DEEPEST = 1_000_000, 30
_START = re.compile(rb"([aids]):(-?[0-9]{1,18}(?:\.[0-9]{1,18})?)([:;])|b:([01]);|N;")

Value = str | int | float | bool | None | dict[str, "Value"]


def read_php(text: str) -> Value:
    """The value; a list is a dict by its keys. Raises ValueError, for objects and references too."""
    content = text.encode()
    if len(content) > LONGEST:
        raise ValueError("too long")
    value, end = _value(content, 0, 0)
    if end != len(content):
        raise ValueError("more than one value")
    return value


def _value(content: bytes, at: int, depth: int) -> tuple[Value, int]:
    found = _START.match(content, at)
    if found is None or depth > DEEPEST:
        raise ValueError(f"no value at {at}")
    kind, number, mark, switch = found.groups()
    if kind is None:
        return (switch == b"1" if switch else None), found.end()
    if (mark == b":") != (kind in b"as"):
        raise ValueError(f"no value at {at}")
    if kind == b"s":
        return _text(content, found.end(), int(number))
    if kind == b"a":
        return _list(content, found.end(), int(number), depth)
    return (int(number) if kind == b"i" else float(number)), found.end()


def _text(content: bytes, at: int, length: int) -> tuple[str, int]:
    end = at + 1 + length
    if length < 0 or content[at : at + 1] != b'"' or content[end : end + 2] != b'";':
        raise ValueError(f"no text at {at}")
    return content[at + 1 : end].decode(errors="replace"), end + 2


def _list(content: bytes, at: int, length: int, depth: int) -> tuple[dict[str, Value], int]:
    if content[at : at + 1] != b"{":
        raise ValueError(f"no list at {at}")
    at, held = at + 1, dict[str, Value]()
    for _ in range(length):
        key, at = _value(content, at, DEEPEST)
        held[str(key)], at = _value(content, at, depth + 1)
    if content[at : at + 1] != b"}":
        raise ValueError(f"no end at {at}")
    return held, at + 1
