"""What has to be right about a question as a whole before a change of it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from jobs.language import gettext as _
from webapp.courses.editing.form import Check, SheetForm
from webapp.courses.editing.fractions import problem_of, shared
from webapp.courses.editing.leaves import ShareLeaf
from webapp.courses.editing.sheet import Sheet
from webapp.courses.viewers.leaves import leaf

#: Types whose text has places for the parts or words that stand elsewhere, and how such a place is written.
_GAPS = {"multianswer": r"\{#\d+\}", "ddwtos": r"\[\[\d+\]\]", "gapselect": r"\[\[\d+\]\]"}
_SINGLE = ("plugin_qtype_{}_question/{}", "plugin_qtype_{}_question/calculated_options/calculated_option")


def checks_of(question: etree._Element) -> list[Check]:
    """The checks of a question's type."""
    kind = leaf(question, "qtype")
    checks: list[Check] = [_shares(together=_takes_several(question, kind))]
    if kind in _GAPS:
        checks.append(_gaps(_GAPS[kind]))
    return checks


def _takes_several(question: etree._Element, kind: str) -> bool:
    return any(
        leaf(question, f"{place.format(kind, kind)}/single") == "0"
        for place in _SINGLE
        if kind.isidentifier()
    )


def _shares(*, together: bool) -> Check:
    """What answers count, where the person has changed it: an archive may hold what does not go together."""

    def check(sheet: Sheet, form: SheetForm) -> list[tuple[str, str]]:
        held = [one for one in sheet.leaves if isinstance(one, ShareLeaf)]
        if all(form[one.key].data == one.shown for one in held):
            return []
        problem = problem_of([shared(form[one.key].data or "") for one in held], together=together)
        return [(held[0].key, problem)] if problem else []

    return check


def _gaps(written: str) -> Check:
    """Every place stays in the text: what belongs there would be lost otherwise."""
    places: Callable[[str], list[str]] = re.compile(written).findall

    def check(sheet: Sheet, form: SheetForm) -> list[tuple[str, str]]:
        before = next((one for one in sheet.leaves if one.path == "questiontext"), None)
        if before is None:
            return []
        wanted = places(before.text or "")
        if sorted(wanted) == sorted(places(form[before.key].data or "")):
            return []
        gaps = " ".join(wanted)
        return [(before.key, _("Keep these as they are, each once: %(gaps)s. They are the gaps.", gaps=gaps))]

    return check
