"""Writes a document as Moodle does: two spaces of indentation, LF, no newline at the end."""

from collections.abc import Callable, Iterable
from typing import Protocol

from lxml import etree

from jobs.archive.xml.leaves import XML_ATTRIBUTES, target
from jobs.archive.xml.splitting import BLANK

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'
_STEP = "  "
_PARTS = 4096  # pieces of text gathered before they are handed on
_LARGE = 64 * 1024  # characters of a text that is handed on by itself


class Output(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> object: ...


def write_document(
    out: Output, skeleton: etree._Element, rows: Callable[[int], Iterable[etree._Element]]
) -> None:
    """Write the document, asking for the rows of each place in the skeleton when it is reached.

    A slot that nobody filled is a mistake of the caller and raises ValueError: its value would be lost.
    """
    writer = _Writer(out, rows)
    writer.text(_PROLOG)
    writer.element(skeleton, "\n")
    writer.flush()


class _Writer:
    def __init__(self, out: Output, rows: Callable[[int], Iterable[etree._Element]]) -> None:
        self._out = out
        self._rows = rows
        self._parts: list[str] = []

    def text(self, text: str) -> None:
        self._parts.append(text)

    def flush(self) -> None:
        self._out.write("".join(self._parts).encode())
        self._parts.clear()

    def element(self, element: etree._Element, margin: str) -> None:
        """Write the element on a new line, which `margin` begins."""
        tag = element.tag
        if isinstance(element, etree._ProcessingInstruction):
            self._place(element, margin)
        elif not len(element):
            text = element.text or ""
            if len(text) > _LARGE:
                self._large(f"{margin}<{tag}{_attributes(element)}>", text, f"</{tag}>")
            else:
                self._parts.append(f"{margin}<{tag}{_attributes(element)}>{_escape(text)}</{tag}>")
        elif _is_mixed(element):
            self._parts.append(margin)
            self._inline(element)
        else:
            self._parts.append(f"{margin}<{tag}{_attributes(element)}>")
            for child in element:
                self.element(child, margin + _STEP)
            self._parts.append(f"{margin}</{tag}>")
            if len(self._parts) > _PARTS:
                self.flush()

    def _large(self, start: str, text: str, end: str) -> None:
        """Write a leaf whose text would take its memory once more for each way in which it is put together."""
        self._parts.append(start)
        self.flush()
        for at in range(0, len(text), _LARGE):
            self._out.write(_escape(text[at : at + _LARGE]).encode())
        self._parts.append(end)

    def _inline(self, element: etree._Element) -> None:
        """Write an element whose text stands between its children: a blank more would change it."""
        tag = element.tag
        self._parts.append(f"<{tag}{_attributes(element)}>{_escape(element.text)}")
        for child in element:
            if isinstance(child, etree._ProcessingInstruction):
                self._place(child, None)
            else:
                self._inline(child)
            self._parts.append(_escape(child.tail))
        self._parts.append(f"</{tag}>")

    def _place(self, place: etree._Element, margin: str | None) -> None:
        if target(place) != "rows":
            parent = place.getparent()
            raise ValueError(f"the slot of <{'' if parent is None else parent.tag}> was not filled")
        for row in self._rows(int(place.text or 0)):
            if margin is None:
                self._inline(row)
            else:
                self.element(row, margin)


def _is_mixed(element: etree._Element) -> bool:
    text = element.text
    if text is not None and text.strip(BLANK):
        return True
    return any(tail.strip(BLANK) for child in element if (tail := child.tail) is not None)


def _attributes(element: etree._Element) -> str:
    named = [(str(name).replace(XML_ATTRIBUTES, "xml:"), str(value)) for name, value in element.items()]
    return "".join([f' {name}="{_quote(value)}"' for name, value in named])


def _quote(value: str) -> str:
    text = _escape(value).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


def _escape(text: str | None) -> str:
    if text is None:
        return ""
    if text.isalnum():  # most leaves are numbers
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
