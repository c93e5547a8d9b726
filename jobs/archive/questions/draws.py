"""What a random slot of a quiz draws from, as the Moodles write it.

Before Moodle 4.0 a question of the type random and the slot’s own leaves say it; then it is a flat JSON object,
and since 4.3 one of filters (question/classes/question_reference_manager.php).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

#: How the values of a filter count (lib/classes/output/datafilter.php).
_ANY, _ALL = 1, 2


@dataclass(frozen=True)
class Draw:
    """Any question of a category, if need be with certain tags."""

    category: str
    context: str = ""
    subcategories: bool = False
    #: The id and the name of each tag that a question must have; the name is empty where it is not said.
    tags: tuple[tuple[str, str], ...] = ()
    #: Whether more is asked of a question than is said here.
    is_narrower: bool = False


def draw_of(condition: str, context: str = "") -> Draw | None:
    """Read a filtercondition; None if it names no category."""
    try:
        asked = json.loads(condition)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    filters = asked.get("filter")
    return _filtered(filters, context) if isinstance(filters, dict) else _flat(asked, context)


def condition_of(draw: Draw) -> str:
    """Write a draw as the filtercondition that every Moodle since 4.0 reads."""
    said: dict[str, Any] = {
        "questioncategoryid": draw.category, "includingsubcategories": str(int(draw.subcategories))
    }  # fmt: skip
    if draw.tags:
        said["tags"] = [f"{number},{name}" for number, name in draw.tags]
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)


def _flat(asked: dict[str, Any], context: str) -> Draw | None:
    category = asked.get("questioncategoryid")
    if not category:
        return None
    given = asked.get("tags")
    tags = [str(one).partition(",") for one in given] if isinstance(given, list) else []
    return Draw(
        str(category), context, _is_on(asked.get("includingsubcategories")),
        tuple((number, name) for number, _, name in tags),
    )  # fmt: skip


def _filtered(filters: dict[str, Any], context: str) -> Draw | None:
    category, tags = _filter(filters, "category"), _filter(filters, "qtagids")
    values = _values(category)
    if not values or category.get("jointype", _ANY) not in (_ANY, _ALL):
        return None
    inner = category.get("filteroptions")
    deep = (inner if isinstance(inner, dict) else category).get("includesubcategories")
    wanted = _values(tags)
    unclear = len(wanted) > 1 and tags.get("jointype") != _ALL
    unclear |= bool(wanted) and tags.get("jointype") not in (_ANY, _ALL)
    others = (name for name in filters if name not in ("category", "qtagids", "hidden"))
    return Draw(
        values[0], context, _is_on(deep), () if unclear else tuple((one, "") for one in wanted),
        is_narrower=unclear or len(values) > 1 or any(_values(_filter(filters, name)) for name in others),
    )  # fmt: skip


def _filter(filters: dict[str, Any], name: str) -> dict[str, Any]:
    found = filters.get(name)
    return found if isinstance(found, dict) else {}


def _values(one: dict[str, Any]) -> list[str]:
    given = one.get("values")
    return [str(value) for value in given] if isinstance(given, list) else []


def _is_on(value: object) -> bool:
    return str(value).lower() in ("1", "true")
