"""Documents that a Moodle asks for and that a course does not have: empty, where it goes on with them.

Moodle 4.5.5 was seen to stop midway through a restore without each of them. They are missing where an archive
was damaged, or where something with people was added to a course without.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from webapp.content import course_shapes, shapes
from webapp.models import Activity, Section, utc_now

Documents = dict[str, etree._Element]
#: Demanded where the manifest's setting of this name is on.
_BY_SETTING = {"filters": "filters.xml", "comments": "comments.xml", "calendarevents": "calendar.xml"}


def at_root() -> Documents:
    """What stands beside the manifest."""
    return course_shapes.lists()


def of_course(settings: Mapping[str, str]) -> Documents:
    """What stands in the folder of the course; `settings` are those at the root of the manifest."""
    by_setting = _BY_SETTING | {"contentbankcontent": "contentbank.xml"}
    rest = shapes.activity_rest() | {
        "contentbank.xml": shapes.tree("contents"),
        "enrolments.xml": shapes.tree("enrolments", None, shapes.tree("enrols")),
    }
    return {name: rest[name] for name in ("enrolments.xml", "roles.xml", *_asked_for(by_setting, settings))}


def of_section(section: Section) -> Documents:
    """What stands in the folder of a section."""
    number, now = section.number or 0, int(utc_now().timestamp())
    return shapes.section(
        section.moodle_id, now, number=number, name=section.name, summary=section.summary or ""
    )


def of_activity(activity: Activity, section_id: int, settings: Mapping[str, str]) -> Documents:
    """What stands in the folder of an activity; of its own document only the name is known."""
    by_setting = _BY_SETTING | {"xapistate": "xapistate.xml"}
    rest, now = shapes.activity_rest(), int(utc_now().timestamp())
    name = activity.name or activity.title or activity.type
    own = shapes.tree(
        activity.type,
        {"name": name, "intro": "", "introformat": 1, "timemodified": now},
        id=activity.instance_id,
    )
    return {
        "module.xml": shapes.module(
            activity.moodle_id, now, activity_type=activity.type, section_id=section_id, number=0
        ),
        f"{activity.type}.xml": shapes.tree(
            "activity", None, own, id=activity.instance_id, moduleid=activity.moodle_id, modulename=activity.type,
            contextid=activity.context_id,
        ),
        **{one: rest[one] for one in ("roles.xml", "grades.xml", *_asked_for(by_setting, settings))},
    }  # fmt: skip


def of_block(settings: Mapping[str, str]) -> Documents:
    """What stands in the folder of a block beside its own document."""
    rest = shapes.activity_rest()
    return {name: rest[name] for name in ("roles.xml", *_asked_for({"comments": "comments.xml"}, settings))}


def _asked_for(by_setting: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    return [name for setting, name in by_setting.items() if settings.get(setting) == "1"]
