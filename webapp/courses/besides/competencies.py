"""What the course teaches towards: competencies, which belong to the site that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.lookups import find_document
from webapp.courses.viewers.leaves import leaf, number
from webapp.extensions import db
from webapp.models import Activity, Course, Document

# Moodle 4.5 competency/classes/course_competency.php OUTCOME_*
_OUTCOMES = {
    0: "",
    1: _l("completing the course is evidence of it"),
    2: _l("completing the course recommends it"),
    3: _l("completing the course completes it"),
}


@dataclass
class Competency:
    name: str
    framework: str
    outcome: str
    activities: list[Activity] = field(default_factory=list)


def competencies_of(course: Course) -> list[Competency]:
    """The competencies of the course with the activities that name them."""
    document = find_document(course.version_id, "course/competencies.xml")
    found: dict[str, Competency] = {}
    if document is not None:
        for one in unpack(document.skeleton).iterfind("competencies/competency"):
            _take(found, one).outcome = _OUTCOMES.get(number(one, "ruleoutcome"), "")
    asked = (
        sa.select(Activity, Document.skeleton)
        .join(Document, Document.activity_id == Activity.id)
        .where(
            Document.version_id == course.version_id,
            Document.name == "competencies.xml",
            sa.func.instr(Document.skeleton, b"<competency>") > 0,
        )
    )
    for activity, skeleton in db.session.execute(asked.order_by(Activity.position)):
        for one in unpack(skeleton).iterfind("competencies/competency"):
            _take(found, one).activities.append(activity)
    return list(found.values())


def _take(found: dict[str, Competency], element: etree._Element) -> Competency:
    name, framework = leaf(element, "idnumber"), leaf(element, "frameworkidnumber")
    return found.setdefault(f"{framework}/{name}", Competency(name or _("Without a name"), framework, ""))
