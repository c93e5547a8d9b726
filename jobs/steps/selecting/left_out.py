"""What of a course as a whole can't go along when some of it is left out, or was deleted.

As Moodle 4.5 has it in backup/moodle2/backup_stepslib.php and backup/util/dbops/backup_plan_dbops.class.php.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import unpack
from webapp.models import Document

#: They go along while no column of grades stays out.
OF_ALL_GRADES = frozenset({"gradebook.xml", "grade_history.xml"})
#: It goes along while no activity stays out; and so do the rules for earning badges.
OF_ALL_ACTIVITIES = "completion.xml"
CRITERION = "course_completion/course_completion_criteria"
BADGE = "badges/badge"
_BY_ACTIVITY = "4"  # of a criterion: an activity has to be completed


def graded(session: Session, activities: Collection[int]) -> set[int]:
    """Which of these activities, by their rows, have columns in the gradebook."""
    asked = sa.select(Document.activity_id, Document.skeleton).where(
        Document.activity_id.in_(list(activities)), Document.name == "grades.xml"
    )
    return {
        owner for owner, skeleton in session.execute(asked)
        if owner and next(unpack(skeleton).iter("grade_item"), None) is not None
    }  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What a course as a whole has to do without."""

    #: Whether an activity stays out, and one that has columns in the gradebook.
    lacks_activities: bool = False
    lacks_grades: bool = False
    #: What was deleted from the course, by its course-module ids.
    deleted: Collection[int] = ()

    def takes(self, name: str) -> bool:
        """Whether a document of the course as a whole goes along."""
        if name == OF_ALL_ACTIVITIES:
            return not self.lacks_activities
        return name not in OF_ALL_GRADES or not self.lacks_grades

    def takes_element(self, path: str, element: etree._Element) -> bool:
        """Whether an element of such a document goes along; takes out of it what does not."""
        if path == BADGE and self.lacks_activities:
            for criteria in element.iterchildren("criteria"):
                del criteria[:]
        if path == CRITERION and element.findtext("criteriatype") == _BY_ACTIVITY:
            return whole_number(element.findtext("moduleinstance")) not in self.deleted
        return True
