"""Reads the conditions of a course's parts: of all of them at once for the course's page, or of one."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.lookups import find_document
from webapp.courses.conditions.completion import Completion, completion_of
from webapp.courses.conditions.named import Named
from webapp.courses.conditions.restrictions import Restriction, restriction_of
from webapp.courses.viewers.leaves import number
from webapp.extensions import db
from webapp.models import Activity, Course, Document, Record, Section

# Moodle 4.5 lib/grouplib.php SEPARATEGROUPS, VISIBLEGROUPS
_GROUP_MODES = {1: _l("Separate groups"), 2: _l("Visible groups")}

# Moodle 4.5 lib/completionlib.php COMPLETION_COMPLETE, COMPLETION_COMPLETE_PASS, COMPLETION_COMPLETE_FAIL
_DONE = (1, 2, 3)


@dataclass(frozen=True)
class OfActivity:
    """What holds for one activity."""

    restriction: Restriction | None
    completion: Completion | None
    groups: str
    #: How many people have done it, and how many are noted in it at all.
    done: int
    noted: int


def conditions_of(course: Course, activity: Activity) -> OfActivity | None:
    """The conditions of one activity, with its own; None where the archive says nothing of its place in the course."""
    module = find_document(course.version_id, "module.xml", activity=activity)
    if module is None:
        return None
    root, named = unpack(module.skeleton), Named(course)
    own = _own(course, activity) if completion_of(root) else None
    completion = completion_of(root, own)
    done, noted = _states(course, activity) if completion else (0, 0)
    return OfActivity(restriction_of(root, named), completion, group_mode(root, named), done, noted)


def _own(course: Course, activity: Activity) -> etree._Element | None:
    document = find_document(course.version_id, f"{activity.type}.xml", activity=activity)
    return unpack(document.skeleton).find(activity.type) if document is not None else None


def _states(course: Course, activity: Activity) -> tuple[int, int]:
    """How many people are noted to have done it, and how many are noted at all."""
    document = find_document(course.version_id, "completion.xml", activity=activity)
    if document is None:
        return 0, 0
    is_done = sa.or_(*(sa.func.instr(Record.body, b"<completionstate>%d<" % one) > 0 for one in _DONE))
    asked = sa.select(sa.func.count(), sa.func.count(sa.case((is_done, 1))))
    found = asked.where(Record.document_id == document.id, Record.path == "completions/completion")
    noted, done = db.session.execute(found).one()
    return done, noted


class Conditions:
    """For whoever teaches; asks once for all activities and sections."""

    def __init__(self, course: Course, activities: list[Activity]) -> None:
        self._named = Named(course, activities)
        self._modules: dict[int, etree._Element] = {}
        self._sections: dict[int, etree._Element] = {}
        asked = sa.select(Document.activity_id, Document.section_id, Document.skeleton).where(
            Document.version_id == course.version_id,
            sa.or_(
                sa.and_(Document.name == "module.xml", Document.activity_id.is_not(None)),
                sa.and_(Document.name == "section.xml", Document.section_id.is_not(None)),
            ),
        )
        for activity_id, section_id, skeleton in db.session.execute(asked):
            if _says_something(skeleton):
                held = self._modules if activity_id else self._sections
                held[activity_id or section_id or 0] = unpack(skeleton)

    def of(self, thing: Activity | Section) -> Restriction | None:
        """The restriction of an activity or a section."""
        held = self._modules if isinstance(thing, Activity) else self._sections
        root = held.get(thing.id)
        return restriction_of(root, self._named) if root is not None else None

    def notes(self, activity: Activity) -> list[str]:
        """What a line says of an activity besides: its groups, and that it counts as done."""
        root = self._modules.get(activity.id)
        if root is None:
            return []
        done = completion_of(root)
        notes = [group_mode(root, self._named)]
        if done is not None:
            notes.append(_("pupils tick it off") if done.is_by_hand else _("done by conditions"))
        return [one for one in notes if one]


#: What stands in a document that has no condition: all of these.
_NOTHING = (
    b"completion",
    b"groupmode",
    b"groupingid",
    b"availablefrom",
    b"availableuntil",
    b"groupmembersonly",
)


def _says_something(skeleton: bytes) -> bool:
    """Whether it is worth reading: most parts of most courses have no condition at all."""
    has_none = all(
        b"<%s>0</%s>" % (name, name) in skeleton or b"<%s>" % name not in skeleton for name in _NOTHING
    )
    return (
        not has_none
        or b'"type"' in skeleton
        or b"<availability " in skeleton
        or b"<availability_field" in skeleton
    )


def group_mode(module: etree._Element, named: Named) -> str:
    """How groups work in an activity; empty where they don't."""
    mode, grouping = str(_GROUP_MODES.get(number(module, "groupmode"), "")), number(module, "groupingid")
    if not mode or not grouping:
        return mode
    return _("%(mode)s, of %(grouping)s", mode=mode, grouping=named.grouping(grouping))
