"""What a terminal shows while something goes on, and how it says how many."""

from __future__ import annotations

import sys

WIDTH = 30


def show_bar(step: str, percent: int) -> None:
    """Draw how far a step is, over what was drawn before; nothing where nobody looks."""
    if sys.stderr.isatty():
        filled = percent * WIDTH // 100
        bar = "#" * filled + "·" * (WIDTH - filled)
        print(f"\r{step:<28} [{bar}] {percent:3} %", end="", file=sys.stderr, flush=True)


def end_bar() -> None:
    """Let what comes next begin on a line of its own."""
    if sys.stderr.isatty():
        print(file=sys.stderr)


class Bar:
    """Hears of each piece of a step, and draws when the percent changes."""

    def __init__(self) -> None:
        self._shown: tuple[str, int] = ("", 0)

    def __call__(self, step: str, done: int, total: int) -> None:
        now = (step, done * 100 // max(1, total))
        if now != self._shown:
            self._shown = now
            show_bar(*now)


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, in English as the command line speaks: "1 file", "3 files"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
