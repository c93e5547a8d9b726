"""What completes the course, and who has (completion.xml). Moodle 4.5 lib/completionlib.php and completion/criteria."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _
from webapp.content.lookups import find_document
from webapp.courses.conditions.named import Named
from webapp.courses.viewers.documents import slots_of
from webapp.courses.viewers.leaves import leaf, number, shown, when
from webapp.courses.viewers.names import Name, Names
from webapp.extensions import db
from webapp.models import Course, Document, Record
from webapp.pages.formatters import exact_duration, moment

#: People who have completed it that are named.
MOST_NAMED = 200
_ANY = "2"  # COMPLETION_AGGREGATION_ANY


@dataclass(frozen=True)
class Criterion:
    words: str
    #: How many people are noted to have met it.
    met: int


@dataclass(frozen=True)
class CourseCompletion:
    is_any: bool
    criteria: list[Criterion]
    noted: int
    done: int
    #: Who has completed it and when, as far as they are named.
    people: list[tuple[Name, int | None]]


def completion_of_course(course: Course) -> CourseCompletion | None:
    """What completes the course; None where nothing does."""
    document = find_document(course.version_id, "completion.xml")
    if document is None:
        return None
    root = unpack(document.skeleton)
    criteria = root.findall("course_completion_criteria")
    if not criteria:
        return None
    met, named = _counted(document), Named(course)
    noted, done, people = _people(course, document)
    overall = (one for one in root.iterfind("course_completion_aggr_methd") if not leaf(one, "criteriatype"))
    return CourseCompletion(
        any(leaf(one, "method") == _ANY for one in overall),
        [Criterion(_said(one, named), sum(met.get(slot, 0) for slot in slots_of(one))) for one in criteria],
        noted,
        done,
        people,
    )


def _counted(document: Document) -> dict[int, int]:
    asked = sa.select(Record.slot, sa.func.count()).where(
        Record.document_id == document.id, Record.path.endswith("/course_completion_crit_compl")
    )
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Record.slot))}


def _people(course: Course, document: Document) -> tuple[int, int, list[tuple[Name, int | None]]]:
    held = (Record.document_id == document.id, Record.path == "course_completion/course_completions")
    is_done = sa.func.instr(Record.body, b"<timecompleted>$@NULL@$<") == 0
    asked = sa.select(sa.func.count(), sa.func.count(sa.case((is_done, 1)))).where(*held)
    noted, done = db.session.execute(asked).one()
    rows = db.session.scalars(
        sa.select(Record.body).where(*held, is_done).order_by(Record.position).limit(MOST_NAMED)
    )
    names = Names(course)
    people = [(names.of(number(one, "userid")), when(one, "timecompleted")) for one in map(unpack, rows)]
    return noted, done, people


def _said(criterion: etree._Element, named: Named) -> str:
    say = _SAY.get(number(criterion, "criteriatype"))
    return say(criterion, named) if say else _("A condition that is not known here")


def _grade(criterion: etree._Element, _named: Named) -> str:
    least = shown(leaf(criterion, "gradepass"))
    return (
        _("A course total of at least %(least)s", least=least) if least else _("A course total that passes")
    )


_SAY: dict[int, Callable[[etree._Element, Named], str]] = {
    1: lambda _one, _named: _("They say themselves that they are done"),
    2: lambda one, _named: _("It is %(moment)s or later", moment=moment(when(one, "timeend"))),
    3: lambda _one, _named: _("They leave the course"),
    4: lambda one, named: _("%(activity)s is done", activity=named.activity(number(one, "moduleinstance"))),
    5: lambda one, _named: _(
        "They have been in the course for %(length)s", length=exact_duration(number(one, "enrolperiod"))
    ),
    6: _grade,
    7: lambda one, _named: _(
        "Somebody marks it as done: %(role)s", role=leaf(one, "roleshortname") or _("by a role")
    ),
    8: lambda one, _named: _("The course “%(name)s” is completed", name=leaf(one, "courseinstanceshortname")),
}
