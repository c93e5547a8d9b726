"""Tables as text: a line a row, words to the left and figures to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Row = Sequence[str]


def show(title: str, head: Row, rows: Iterable[Row]) -> None:
    """Print a table under its title."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{title}\n")
    for line in lines:
        print("  ".join(_cell(text, width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(text: str, width: int) -> str:
    is_figure = text[:1].isdigit()
    return text.rjust(width) if is_figure else text.ljust(width)
