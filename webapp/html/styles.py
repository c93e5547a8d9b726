"""Which styles a foreign text may bring along."""

from __future__ import annotations

import re

#: What can colour, align and size a text, and can't take it out of its place.
_PROPERTIES = {
    "color", "background-color", "text-align", "text-decoration", "text-decoration-line", "text-indent",
    "font-weight", "font-style", "font-size", "font-variant", "line-height", "vertical-align", "white-space",
    "width", "max-width", "height", "min-width", "float", "clear", "list-style-type", "direction",
    "border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style",
    "border-width", "border-collapse", "border-spacing", "border-radius", "padding", "padding-top", "padding-right",
    "padding-bottom", "padding-left", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left",
}  # fmt: skip
#: Words, numbers and colours; no address, no quotes, no comment, no escape.
_VALUE = re.compile(r"(?:[\w\s#%.,-]|\b(?:rgb|rgba|hsl|hsla)\([\d\s%.,/]*\))+", re.IGNORECASE | re.ASCII)


def harmless_style(style: str) -> str | None:
    """What of a style attribute may stay; None if nothing."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        value = re.sub(r"\s*!important$", "", value, flags=re.IGNORECASE)
        if name.lower() in _PROPERTIES and _VALUE.fullmatch(value) and not _pulls_back(name, value):
            kept.append(f"{name.lower()}: {value}")
    return "; ".join(kept) or None


def _pulls_back(name: str, value: str) -> bool:
    """Whether a length below zero would draw something over its neighbours."""
    return (
        name.lower().startswith(("margin", "padding", "text-indent"))
        and re.search(r"(?<!\w)-", value) is not None
    )
