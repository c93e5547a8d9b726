"""The badges of the course, what earns them, and to whom a teacher gave one by hand (badges.xml).

Moodle 4.5 badges/criteria: a criterion names what it needs in parameters, "module_12" for the activity 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.archive.xml import unpack
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.files import FilePlace, files_at
from webapp.content.lookups import records_of_course
from webapp.courses.besides.texts import CourseTexts
from webapp.courses.conditions.named import Named
from webapp.courses.viewers.leaves import id_of, leaf, number, when, whole
from webapp.courses.viewers.names import Name, Names
from webapp.extensions import db
from webapp.models import Course, CourseFile, Record

MOST = 200
_KINDS = {
    1: _l("Activities are done"),
    2: _l("A person gives it"),
    4: _l("The course is completed"),
    5: _l("Several courses are completed"),
    6: _l("The profile is filled in"),
    7: _l("Other badges were earned"),
    8: _l("They are in a cohort"),
    9: _l("Competencies are reached"),
}
# Moodle 4.5 lib/badgeslib.php BADGE_STATUS_*
_STATES = {
    0: _l("Not given out"),
    1: _l("Given out"),
    2: _l("Not given out any more"),
    3: _l("Given out"),
    4: _l("Put away"),
}


@dataclass(frozen=True)
class Badge:
    name: str
    description: Markup
    picture: CourseFile | None
    state: str
    issuer: str
    needs: list[str]
    given_to: list[tuple[Name, int | None]]


def badges_of(course: Course) -> list[Badge]:
    """The badges in the archive's order."""
    found = records_of_course(course.version_id, "badges.xml", "badges/badge")
    bodies = db.session.scalars(found.with_only_columns(Record.body).order_by(Record.position).limit(MOST))
    reader = _Reader(course)
    return [reader.badge(unpack(body)) for body in bodies]


class _Reader:
    def __init__(self, course: Course) -> None:
        self._course = course
        self._names = Names(course)
        self._named = Named(course)
        self._texts = CourseTexts(course)

    def badge(self, element: etree._Element) -> Badge:
        given = element.iterfind("manual_awards/manual_award")
        return Badge(
            leaf(element, "name") or _("Without a name"),
            self._texts.of(element, "description", None),
            self._picture(id_of(element)),
            _STATES.get(number(element, "status"), ""),
            leaf(element, "issuername"),
            list(self._needs(element)),
            [(self._names.of(number(one, "recipientid")), when(one, "datemet")) for one in given],
        )

    def _needs(self, element: etree._Element) -> Iterator[str]:
        for criterion in element.iterfind("criteria/criterion"):
            kind = number(criterion, "criteriatype")
            if kind == 0:  # how the others go together
                continue
            parameters = criterion.iterfind("parameters/parameter")
            modules = [
                self._named.activity(whole(leaf(one, "value")))
                for one in parameters
                if leaf(one, "name").startswith("module_")
            ]
            words = _KINDS.get(kind, _("A condition that is not known here"))
            yield f"{words}: {', '.join(modules)}" if modules else str(words)

    def _picture(self, badge_id: int) -> CourseFile | None:
        place = FilePlace(self._course.version.context_id, "badges", "badgeimage", badge_id)
        rows = [one for one in files_at(self._course.version_id, place) if not one.is_folder and one.is_sound]
        return max(rows, key=lambda one: one.filesize, default=None)
