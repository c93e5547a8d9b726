"""The colours that a school can have in the place of bookcloth green, by day and by night.

Each is as easy to read as the green on every ground of the look: tests/unit/test_palette.py computes it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from jobs.language import lazy_gettext as _l


@dataclass(frozen=True)
class Shades:
    """A colour on one ground: for deeds, the same pressed, a wash of it, and what is written on it."""

    accent: str
    pressed: str
    wash: str
    on: str

    @property
    def tokens(self) -> str:
        """The tokens of the stylesheet that it stands for."""
        return (
            f"--accent: {self.accent}; --accent-ink: {self.pressed}; "
            f"--accent-wash: {self.wash}; --on-accent: {self.on};"
        )


@dataclass(frozen=True)
class Colour:
    label: str
    says: str
    day: Shades
    night: Shades


#: What the stylesheet has by itself.
DEFAULT = "green"

COLOURS: dict[str, Colour] = {
    "green": Colour(
        _l("Bookcloth green"), _l("As Coursekeep comes."),
        Shades("#19583f", "#10402d", "#e0eade", "#fffefb"), Shades("#8cc9a8", "#b3e0c7", "#1f332a", "#0d1d15"),
    ),
    "blue": Colour(
        _l("Ink blue"), _l("As from a fountain pen."),
        Shades("#1d4e7e", "#143a60", "#dde6ee", "#fffefb"), Shades("#93bfe6", "#bcd8f1", "#1d2e3d", "#0b1a28"),
    ),
    "petrol": Colour(
        _l("Petrol"), _l("Between green and blue."),
        Shades("#0f5561", "#0a3f48", "#dae8e9", "#fffefb"), Shades("#86c7d2", "#b2dfe6", "#183137", "#08191d"),
    ),
    "violet": Colour(
        _l("Heather"), _l("A quiet violet."),
        Shades("#5a3d80", "#432c62", "#e7e1ee", "#fffefb"), Shades("#c3aae6", "#dac9f2", "#2c2539", "#1a1029"),
    ),
    "plum": Colour(
        _l("Plum"), _l("Warm, and no red of a warning."),
        Shades("#7c2f5b", "#5f2145", "#f0e0e8", "#fffefb"), Shades("#e3a3c6", "#f0c6dd", "#381f2d", "#260f1c"),
    ),
    "slate": Colour(
        _l("Slate"), _l("Almost no colour."),
        Shades("#3f4d5a", "#2c3741", "#e2e5e7", "#fffefb"), Shades("#b3c0cc", "#d0d9e1", "#293037", "#12181d"),
    ),
}  # fmt: skip


def stylesheet(name: str) -> str:
    """What to link behind the stylesheet of the look, so that it has this colour; paper stays black and white."""
    colour = COLOURS[name]
    return _by_day_and_night(":root", colour.day.tokens, colour.night.tokens)


def swatches() -> str:
    """A stylesheet with a class for each colour, to show it where it is chosen."""
    return "".join(
        _by_day_and_night(
            f" .swatch-{name}", f"background: {colour.day.accent};", f"background: {colour.night.accent};"
        )
        for name, colour in COLOURS.items()
    )


def mark(text: str) -> str:
    """Stands in the address of a stylesheet, so that browsers may keep it."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _by_day_and_night(of: str, day: str, night: str) -> str:
    """Rules for `of`, which is the page itself or something in it, in the ways in which the look knows its themes."""
    inside = of.removeprefix(":root")
    return (
        "@media screen {\n"
        f":root{inside} {{ {day} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]){inside} {{ {night} }} }}\n'
        f':root[data-theme="dark"]{inside} {{ {night} }}\n'
        "}\n"
    )
