"""Draws what a page repeats for each of its rows once, and fills in what differs.

A row has some twenty words, icons and addresses; a page with a thousand rows would look each of them up as often.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from types import SimpleNamespace

from flask import Flask, g
from markupsafe import Markup, escape

#: Stand for numbers while a pattern is drawn; those of `webapp.pages.addressing` lie beside them.
_FIRST = 2_000_000_101


def register(app: Flask) -> None:
    """Give every template `repeated`."""
    app.jinja_env.globals["repeated"] = repeated


def repeated(
    what: str, *shape: Hashable, caller: Callable[[SimpleNamespace], str], **values: int | str | None
) -> Markup:
    """What the block draws for these values; it is drawn once in a request for each shape, and then filled in.

    The block may look at nothing of its row but its argument, which holds the values, and what is part of the
    shape. Whether a value is None is part of the shape by itself; all else that a value decides has to be named there.
    """
    kept: dict[Hashable, str] = g.setdefault("repeated", {})
    key = (what, shape, tuple(name for name, value in values.items() if value is None))
    if key not in kept:
        kept[key] = _pattern(caller, values)
    return Markup(kept[key].format_map({name: escape(value) for name, value in values.items()}))  # noqa: S704


def _pattern(caller: Callable[[SimpleNamespace], str], values: dict[str, int | str | None]) -> str:
    """What the block draws, as a format with the names of the values where they go."""
    stand_ins = {name: _stand_in(value, place) for place, (name, value) in enumerate(values.items())}
    pattern = str(caller(SimpleNamespace(**stand_ins))).replace("{", "{{").replace("}", "}}")
    for name, stand_in in stand_ins.items():
        if stand_in is not None:
            pattern = pattern.replace(str(stand_in), f"{{{name}}}")
    return pattern


def _stand_in(value: int | str | None, place: int) -> int | str | None:
    if isinstance(value, int):
        return _FIRST + place
    return None if value is None else f"\ue000{place}\ue001"
