"""Reads a list of people from CSV, as spreadsheets write it. Knows nothing of accounts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from jobs.language import gettext as _, number
from webapp.spreadsheets.writing import unguard

LARGEST = 1_000_000
MOST_LINES = 2_000


class UnreadableTable(Exception):
    """The list as a whole can't be read; says why in a sentence."""


@dataclass(frozen=True)
class Layout:
    """The columns that a list may have, and those of which it needs one."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    #: What a list that went out says beside them; it changes nothing.
    overlooked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line under the header: its number in the file, and its cells by column."""

    number: int
    cells: dict[str, str]
    #: What is wrong with the line as such; then the cells can't be trusted.
    fault: str = ""


def decode(content: bytes) -> str:
    """Make text of a file's bytes. Raises UnreadableTable."""
    if len(content) > LARGEST:
        raise UnreadableTable(_("The file is larger than 1 MB. Divide the list into several."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableTable(
            _("The file is not in UTF-8. Save it anew, in Excel as “CSV UTF-8 (comma delimited)”.")
        ) from None
    if "\0" in text:
        raise UnreadableTable(_("This is not a CSV file. Save the list as CSV first."))
    return text


def read_rows(text: str, layout: Layout) -> list[Row]:
    """Read the lines under the header; empty ones are left out. Raises UnreadableTable."""
    if len(text.encode()) > LARGEST:
        raise UnreadableTable(_("The list is larger than 1 MB. Divide it into several."))
    (_number, first), *rest = _lines(text) or [(1, [])]
    header = _header(first, layout)
    if not rest:
        raise UnreadableTable(
            _("There is nobody in this list: below the header it needs a line for each person.")
        )
    if len(rest) > MOST_LINES:
        raise UnreadableTable(
            _(
                "There are more than %(most)s lines. Divide the list into several.",
                most=number(MOST_LINES),
            )
        )
    return [_row(number, header, cells) for number, cells in rest]


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """All lines that are not empty, with their numbers, divided at the mark that the first one has most of."""
    first = text.lstrip().partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        return [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    except csv.Error:
        problem = _("Line %(line)s can’t be read: look for a quotation mark too many.", line=lines.line_num)
        raise UnreadableTable(problem) from None


def _header(cells: list[str], layout: Layout) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    known = ", ".join(layout.columns)
    for name in names:
        if name not in (*layout.columns, *layout.overlooked):
            raise UnreadableTable(
                _(
                    "The first line must name the columns. “%(name)s” is none of %(known)s.",
                    name=name[:40],
                    known=known,
                )
            )
        if names.count(name) > 1:
            raise UnreadableTable(_("The first line names the column %(name)s twice.", name=name))
    if not set(layout.needed) & set(names):
        raise UnreadableTable(
            _("The first line must name a column %(names)s.", names=_(" or ").join(layout.needed))
        )
    return names


def _row(number: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        fault = _(
            "This line has %(cells)s fields, and the header has %(header)s.",
            cells=len(cells),
            header=len(header),
        )
        return Row(number, dict(zip(header, (cell.strip() for cell in cells), strict=False)), fault)
    return Row(number, {name: unguard(cell.strip()) for name, cell in zip(header, cells, strict=True)})
