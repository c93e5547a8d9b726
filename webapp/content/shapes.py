"""The documents of a course, section or activity as Moodle 4.5 writes them when nothing has happened in it yet.

Observed of a Moodle 4.5.5: which documents its reader demands, and what is in them. What a
column keeps is in the trees too; whoever stores them takes it out (`webapp.content.columns`).
"""

from __future__ import annotations

from lxml import etree

from jobs.archive.xml import set_text

#: The version of each activity type's own code in Moodle 4.1, the oldest that courses made here are written for.
MODULE_VERSION = "2022112800"
#: The roles by the ids that every Moodle gives them when it is installed: its lib/db/install.
STUDENT_ROLE = 5
Value = str | int | None
Documents = dict[str, etree._Element]


def tree(
    name: str, leaves: dict[str, Value] | None = None, *inside: etree._Element, **attributes: Value
) -> etree._Element:
    """An element with its attributes, then its leaves, then the elements in it."""
    element = etree.Element(name, {key: str(value) for key, value in attributes.items()})
    for leaf, value in (leaves or {}).items():
        set_text(etree.SubElement(element, leaf), None if value is None else str(value))
    element.extend(inside)
    return element


def section(moodle_id: int, now: int, *, number: int, name: str | None, summary: str) -> Documents:
    leaves: dict[str, Value] = {
        "number": number, "name": name, "summary": summary, "summaryformat": 1, "sequence": "", "visible": 1,
        "availabilityjson": None, "component": None, "itemid": None, "timemodified": now,
    }  # fmt: skip
    return {"section.xml": tree("section", leaves, id=moodle_id)}


def module(moodle_id: int, now: int, *, activity_type: str, section_id: int, number: int) -> etree._Element:
    # A label is its own description; of the others the course page shows the name alone.
    leaves: dict[str, Value] = {
        "modulename": activity_type, "sectionid": section_id, "sectionnumber": number, "idnumber": "", "added": now,
        "score": 0, "indent": 0, "visible": 1, "visibleoncoursepage": 1, "visibleold": 1, "groupmode": 0,
        "groupingid": 0, "completion": 0, "completiongradeitemnumber": None, "completionpassgrade": 0,
        "completionview": 0, "completionexpected": 0, "availability": None,
        "showdescription": int(activity_type == "label"), "downloadcontent": 1, "lang": None,
    }  # fmt: skip
    return tree("module", leaves, tree("tags"), id=moodle_id, version=MODULE_VERSION)


def activity_rest() -> Documents:
    """The documents of an activity that are the same for all five types, and empty."""
    return {
        "roles.xml": roles(),
        "grades.xml": tree("activity_gradebook", None, tree("grade_items"), tree("grade_letters")),
        "grade_history.xml": tree("grade_history", None, tree("grade_grades")),
        "filters.xml": filters(),
        "comments.xml": tree("comments"),
        "completion.xml": tree("completions", None, tree("completionviews")),
        "calendar.xml": tree("events"),
        "competencies.xml": tree("course_module_competencies", None, tree("competencies")),
        "xapistate.xml": tree("states"),
    }


def own_document(
    activity_type: str, now: int, texts: dict[str, str], *, instance_id: int, moodle_id: int, context_id: int
) -> etree._Element:
    """TYPE.xml; `texts` are the name, the description and what else the type holds."""
    leaves: dict[str, Value] = {
        "name": texts.get("name", ""),
        "intro": texts.get("intro", ""),
        "introformat": 1,
    }
    own = tree(activity_type, leaves | _own_leaves(activity_type, now, texts), id=instance_id)
    return tree(
        "activity",
        None,
        own,
        id=instance_id,
        moduleid=moodle_id,
        modulename=activity_type,
        contextid=context_id,
    )


def _own_leaves(activity_type: str, now: int, texts: dict[str, str]) -> dict[str, Value]:
    shown = 'a:1:{s:10:"printintro";i:0;}'
    legacy: dict[str, Value] = {"legacyfiles": 0, "legacyfileslast": None}
    by_type: dict[str, dict[str, Value]] = {
        "page": {"content": texts.get("content", ""), "contentformat": 1, **legacy, "display": 5,
                 "displayoptions": 'a:2:{s:10:"printintro";i:0;s:17:"printlastmodified";i:1;}', "revision": 1,
                 "timemodified": now},
        "label": {"timemodified": now},
        "url": {"externalurl": texts.get("external_url", ""), "display": 0, "displayoptions": shown,
                "parameters": "a:0:{}", "timemodified": now},
        "resource": {"tobemigrated": 0, **legacy, "display": 0, "displayoptions": shown, "filterfiles": 0,
                     "revision": 1, "timemodified": now},
        "folder": {"revision": 1, "timemodified": now, "display": 0, "showexpanded": 1, "showdownloadfolder": 1,
                   "forcedownload": 1},
    }  # fmt: skip
    return by_type[activity_type]


def roles() -> etree._Element:
    return tree("roles", None, tree("role_overrides"), tree("role_assignments"))


def filters() -> etree._Element:
    return tree("filters", None, tree("filter_actives"), tree("filter_configs"))


def role_definition(moodle_id: int, archetype: str) -> etree._Element:
    """One of the roles that every Moodle has."""
    leaves: dict[str, Value] = {
        "name": "", "shortname": archetype, "nameincourse": None, "description": "", "sortorder": moodle_id,
        "archetype": archetype,
    }  # fmt: skip
    return tree("role", leaves, id=moodle_id)


def user(moodle_id: int, context_id: int, now: int, **named: str) -> etree._Element:
    """Somebody of users.xml; `named` are username, email, firstname and lastname."""
    leaves: dict[str, Value] = {
        "username": named["username"], "idnumber": "", "email": named["email"], "phone1": "", "phone2": "",
        "institution": "", "department": "", "address": "", "city": "", "country": "", "lastip": "", "picture": 0,
        "description": None, "descriptionformat": 1, "imagealt": None, "auth": "manual", "firstnamephonetic": None,
        "lastnamephonetic": None, "middlename": None, "alternatename": None, "firstname": named["firstname"],
        "lastname": named["lastname"], "confirmed": 1, "policyagreed": 0, "deleted": 0, "lang": "en", "theme": "",
        "timezone": 99, "firstaccess": 0, "lastaccess": 0, "lastlogin": 0, "currentlogin": 0, "mailformat": 1,
        "maildigest": 0, "maildisplay": 2, "autosubscribe": 1, "trackforums": 0, "timecreated": now,
        "timemodified": now, "trustbitmask": 0,
    }  # fmt: skip
    own_roles = tree("roles", None, tree("role_overrides"), tree("role_assignments"))
    parts = (tree("custom_fields"), tree("tags"), tree("preferences"), own_roles)
    return tree("user", leaves, *parts, id=moodle_id, contextid=context_id)
