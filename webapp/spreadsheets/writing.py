"""Writes tables as CSV that a spreadsheet opens without harm, a piece at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response

from jobs.language import decimal
from webapp.pages.languages import sent_while_made

#: A cell that begins so would be worked out as a formula, with whatever somebody has put into their name.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Tells Excel that the file is in UTF-8; without it every “é” is broken there. All others overlook it.
BOM = "\ufeff"
ROWS_AT_ONCE = 500


def guard(cell: object) -> str:
    """The cell as text; with an apostrophe in front where it would be taken for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguard(cell: str) -> str:
    """The cell as it was before `guard`, so that a list that went out can come back in."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def send_table(filename: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """Answer with a table to be saved. `rows` is read while it is sent."""
    # Spreadsheets of a language that writes 1,5 divide at semicolons.
    mark = ";" if decimal(".") == "," else ","
    answer = Response(sent_while_made(_pieces(header, rows, mark)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _pieces(header: Iterable[str], rows: Iterable[Iterable[object]], mark: str) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    out.write(BOM)
    writer.writerow(header)
    for number, row in enumerate(rows, 1):
        writer.writerow(guard(cell) for cell in row)
        if number % ROWS_AT_ONCE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
