"""The addresses and icons of a page. A page of a large course asks for thousands of them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request, url_for
from markupsafe import Markup

#: Stand for the numbers of an address while its pattern is made: no number of ours is in that range.
_STAND_INS = range(2_000_000_011, 2_000_000_099)


def register(app: Flask) -> None:
    """Give every template `url_for`, `asset` and `draw_icon`, which remember what they have once built."""
    app.jinja_env.globals |= {"url_for": address_of, "asset": asset, "draw_icon": icon}


def address_of(endpoint: str, **values: Any) -> str:
    """What Flask's url_for says. An address that differs by numbers alone is built once and then filled in."""
    if not has_request_context() or endpoint.startswith(".") or set(map(type, values.values())) - {int}:
        return url_for(endpoint, **values)
    return _pattern(endpoint, tuple(sorted(values)), request.script_root).format_map(values)


def asset(filename: str) -> str:
    """The address of a file of ours; changes with the file, so that browsers may keep it."""
    return _asset(filename, request.script_root)


def icon(name: str, label: str = "") -> Markup:
    """One of our icons; with `label` it stands for a word, else beside one."""
    return _drawing(name, label, request.script_root)


@lru_cache(maxsize=2000)
def _pattern(endpoint: str, names: tuple[str, ...], _root: str) -> str:
    stand_ins = dict(zip(names, _STAND_INS, strict=False))
    pattern = url_for(endpoint, **stand_ins)  # type: ignore[arg-type]
    for name, number in stand_ins.items():
        pattern = pattern.replace(str(number), f"{{{name}}}")
    return pattern


@lru_cache(maxsize=2000)
def _asset(filename: str, _root: str) -> str:
    return url_for("static", filename=filename, v=_mark(filename))


@lru_cache(maxsize=2000)
def _drawing(name: str, label: str, _root: str) -> Markup:
    says = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {} focusable="false"><use href="{}#i-{}"/></svg>').format(
        says, asset("icons.svg"), name
    )


@lru_cache
def _mark(filename: str) -> str:
    static = Path(__file__).parents[1] / "static"
    return hashlib.sha256((static / filename).read_bytes()).hexdigest()[:10]
