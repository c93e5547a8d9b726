"""The questions in which something is dragged onto a picture."""

from __future__ import annotations

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.bank.source import Answer, Question, Source
from webapp.courses.viewers.leaves import leaf

#: Moodle 4.5 question/type/ddmarker/shapes.php
_SHAPES = {"circle": _l("Circle"), "rectangle": _l("Rectangle"), "polygon": _l("Polygon")}


def read_image_or_text(source: Source, question: Question) -> None:
    """Read which word or picture belongs in which place."""
    question.picture_at = ("qtype_ddimageortext", "bgimage", source.id)
    things = {leaf(one, "no"): _name(one) for one in source.rows("drags", "drag")}
    placed = set()
    for drop in source.rows("drops", "drop"):
        placed.add(leaf(drop, "choice"))
        where = f"{leaf(drop, 'xleft')}, {leaf(drop, 'ytop')}"
        named = leaf(drop, "label") or _("Place %(number)s", number=leaf(drop, "no"))
        thing = things.get(leaf(drop, "choice"), _("Nothing"))
        question.answers.append(
            Answer(thing, _("%(name)s (at %(where)s)", name=named, where=where), is_right=True)
        )
    _add_rest(question, things, placed)


def read_markers(source: Source, question: Question) -> None:
    """Read which marker belongs in which area."""
    question.picture_at = ("qtype_ddmarker", "bgimage", source.id)
    things = {leaf(one, "no"): _name(one) for one in source.rows("drags", "drag")}
    placed = set()
    for drop in source.rows("drops", "drop"):
        placed.add(leaf(drop, "choice"))
        where = _("%(shape)s at %(where)s", shape=_shape(leaf(drop, "shape")), where=leaf(drop, "coords"))
        thing = things.get(leaf(drop, "choice"), _("Nothing"))
        question.answers.append(Answer(thing, where, is_right=True))
    _add_rest(question, things, placed)


def _name(drag: etree._Element) -> str:
    return leaf(drag, "label") or _("Picture %(number)s", number=leaf(drag, "no"))


def _shape(name: str) -> str:
    return str(_SHAPES.get(name) or name.capitalize())


def _add_rest(question: Question, things: dict[str, str], placed: set[str]) -> None:
    rest = [thing for place, thing in things.items() if place not in placed]
    question.answers += [Answer(thing, verdict=_("Belongs nowhere")) for thing in rest]
