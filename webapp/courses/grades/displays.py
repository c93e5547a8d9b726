"""In which form grades are shown: as points, as a percentage, as a letter, or as two of these.

The course says so for all of its items (gradebook.xml, grade_settings), and each item may say otherwise. Numbers of the
forms, and the letters where a course has none of its own: Moodle 4.5 lib/grade/constants.php GRADE_DISPLAY_TYPE_* and
lib/grade/lib.php.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jobs.archive.xml import unpack
from jobs.language import lazy_gettext as _l, percent
from webapp.courses.grades.model import GradeItem, GradeType
from webapp.courses.viewers.leaves import figures, leaf, shown
from webapp.extensions import db
from webapp.models import Course, Document

POINTS, PERCENTAGE, LETTER = "1", "2", "3"
#: What a person may choose instead of what the course says, by what stands in the address.
FORMS = {"points": POINTS, "percent": PERCENTAGE, "letter": LETTER}
FORM_WORDS = {
    "": _l("As the course shows them"),
    "points": _l("Points"),
    "percent": _l("Percentages"),
    "letter": _l("Letters"),
}
_USUAL_DECIMALS = 2
_USUAL_LETTERS = (
    (93.0, "A"), (90.0, "A-"), (87.0, "B+"), (83.0, "B"), (80.0, "B-"), (77.0, "C+"), (73.0, "C"), (70.0, "C-"),
    (67.0, "D+"), (60.0, "D"), (0.0, "F"),
)  # fmt: skip


@dataclass(frozen=True)
class Displays:
    """How the grades of one course are shown."""

    #: The forms, one behind the other: "1" for points, "12" for points and in brackets the percentage.
    form: str = POINTS
    decimals: int = _USUAL_DECIMALS
    #: From how many per cent on there is which letter, the highest first.
    letters: tuple[tuple[float, str], ...] = _USUAL_LETTERS
    #: What the person who looks has chosen for all items.
    chosen: str = ""

    def words(self, item: GradeItem, value: float, word: str = "") -> str:
        """A grade as it is shown; `word` is what the item’s scale calls it, where it has one."""
        wanted = self.chosen or _form(item.display) or self.form
        first, *second = [self._as(form, item, value, word) for form in wanted]
        return f"{first} ({second[0]})" if second else first

    def _as(self, form: str, item: GradeItem, value: float, word: str) -> str:
        decimals = self.decimals if item.decimals is None else item.decimals
        least, most = _number(item.least), _number(item.most)
        if form == POINTS or most <= least:
            return word if item.grade_type == GradeType.SCALE else shown(f"{value:.{decimals}f}")
        share = (value - least) * 100 / (most - least)
        if form == PERCENTAGE:
            return percent(figures(f"{share:.{decimals}f}"))
        bounded = round(min(100.0, max(0.0, share)), 5)
        return next((letter for bound, letter in self.letters if bounded >= bound), "")


def displays_of(course: Course, chosen: str = "") -> Displays:
    """What the course says about how its grades are shown, and what the person has chosen of FORMS."""
    asked = sa.select(Document.skeleton).where(
        Document.version_id == course.version_id, Document.name == "gradebook.xml"
    )
    skeleton = db.session.scalars(asked.limit(1)).first()
    if skeleton is None:
        return Displays(chosen=FORMS.get(chosen, ""))
    root = unpack(skeleton)
    said = {leaf(one, "name"): leaf(one, "value") for one in root.iterfind("grade_settings/grade_setting")}
    letters = {
        _number(leaf(one, "lowerboundary")): leaf(one, "letter")
        for one in root.iterfind("grade_letters/grade_letter")
    }
    return Displays(
        form=_form(said.get("displaytype", "")) or POINTS,
        decimals=_decimals(said),
        letters=tuple(sorted(letters.items(), reverse=True)) or _USUAL_LETTERS,
        chosen=FORMS.get(chosen, ""),
    )


def _form(said: str) -> str:
    """What a number of the archive says; empty where it leaves that to the course, or the course to its site."""
    return said if said and set(said) <= {POINTS, PERCENTAGE, LETTER} and len(said) <= 2 else ""


def _decimals(said: Mapping[str, str]) -> int:
    decimals = said.get("decimalpoints", "")
    return int(decimals) if decimals in ("0", "1", "2", "3", "4", "5") else _USUAL_DECIMALS


def _number(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
