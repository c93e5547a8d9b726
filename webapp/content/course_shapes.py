"""The documents of a course as a whole, as Moodle 4.5 writes them for one in which nothing has happened yet."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from webapp.content.shapes import STUDENT_ROLE, Documents, Value, filters, role_definition, roles, tree


@dataclass(frozen=True)
class NewCourse:
    """What a new course is called, and the ids that its documents need."""

    fullname: str
    shortname: str
    category_id: int
    category: str
    now: int
    moodle_id: int
    context_id: int
    enrolment_id: int
    grade_category_id: int
    grade_item_id: int


def lists() -> Documents:
    """The lists at the root that no archive is without."""
    return {
        "roles.xml": _roles_definition(),
        "groups.xml": tree(
            "groups", None, tree("groupcustomfields"), tree("groupings", None, tree("groupingcustomfields"))
        ),
        "scales.xml": tree("scales_definition"),
        "outcomes.xml": tree("outcomes_definition"),
        "questions.xml": tree("question_categories"),
    }


def course(new: NewCourse) -> Documents:
    """All documents but those of sections, activities, files and people, by their whole name."""
    return {
        **lists(),
        "gradebook.xml": _gradebook(new),
        "grade_history.xml": tree("grade_history", None, tree("grade_grades")),
        "completion.xml": tree("course_completion"),
        "badges.xml": tree("badges"),
        "course/course.xml": _course(new),
        "course/enrolments.xml": tree(
            "enrolments", None, tree("enrols", None, manual_enrolment(new.enrolment_id, new.now))
        ),
        "course/roles.xml": roles(),
        "course/filters.xml": filters(),
        "course/comments.xml": tree("comments"),
        "course/calendar.xml": tree("events"),
        "course/competencies.xml": tree(
            "course_competencies", None, tree("competencies"), tree("user_competencies")
        ),
        "course/completiondefaults.xml": tree("course_completion_defaults"),
        "course/contentbank.xml": tree("contents"),
    }


def _course(new: NewCourse) -> etree._Element:
    # newsitems 0: Moodle would make an announcements forum that is not ours.
    leaves: dict[str, Value] = {
        "shortname": new.shortname, "fullname": new.fullname, "idnumber": "", "summary": "", "summaryformat": 1,
        "format": "topics", "showgrades": 1, "newsitems": 0, "startdate": 0, "enddate": 0, "marker": 0,
        "maxbytes": 0, "legacyfiles": 0, "showreports": 0, "visible": 1, "groupmode": 0, "groupmodeforce": 0,
        "defaultgroupingid": 0, "lang": "", "theme": "", "timecreated": new.now, "timemodified": new.now,
        "requested": 0, "showactivitydates": 1, "showcompletionconditions": 1, "pdfexportfont": None,
        "enablecompletion": 1, "completionnotify": 0,
    }  # fmt: skip
    options = [
        tree("courseformatoption", {"format": "topics", "sectionid": 0, "name": name, "value": 0})
        for name in ("hiddensections", "coursedisplay")
    ]
    category = tree("category", {"name": new.category, "description": None}, id=new.category_id)
    return tree(
        "course", leaves, category, tree("tags"), tree("customfields"), tree("courseformatoptions", None, *options),
        id=new.moodle_id, contextid=new.context_id,
    )  # fmt: skip


def manual_enrolment(moodle_id: int, now: int) -> etree._Element:
    """A way in: somebody takes people into the course by hand, as students."""
    nothing: dict[str, Value] = dict.fromkeys(
        [
            *(f"customint{number}" for number in range(2, 9)),
            *(f"customchar{number}" for number in range(1, 4)),
            *(f"customdec{number}" for number in range(1, 3)),
            *(f"customtext{number}" for number in range(1, 5)),
        ]
    )
    leaves: dict[str, Value] = {
        "enrol": "manual", "status": 0, "name": None, "enrolperiod": 0, "enrolstartdate": 0, "enrolenddate": 0,
        "expirynotify": 0, "expirythreshold": 86400, "notifyall": 0, "password": None, "cost": None,
        "currency": None, "roleid": STUDENT_ROLE, "customint1": 1, **nothing, "timecreated": now,
        "timemodified": now,
    }  # fmt: skip
    return tree("enrol", leaves, tree("user_enrolments"), id=moodle_id)


def _roles_definition() -> etree._Element:
    return tree("roles_definition", None, role_definition(STUDENT_ROLE, "student"))


def _gradebook(new: NewCourse) -> etree._Element:
    """A gradebook has one category and one item for the course itself, even if nothing is graded."""
    category: dict[str, Value] = {
        "parent": None, "depth": 1, "path": f"/{new.grade_category_id}/", "fullname": "?", "aggregation": 13,
        "keephigh": 0, "droplow": 0, "aggregateonlygraded": 1, "aggregateoutcomes": 0, "timecreated": new.now,
        "timemodified": new.now, "hidden": 0,
    }  # fmt: skip
    item: dict[str, Value] = {
        "categoryid": None, "itemname": None, "itemtype": "course", "itemmodule": None,
        "iteminstance": new.grade_category_id, "itemnumber": None, "iteminfo": None, "idnumber": None,
        "calculation": None, "gradetype": 1, "grademax": "100.00000", "grademin": "0.00000", "scaleid": None,
        "outcomeid": None, "gradepass": "0.00000", "multfactor": "1.00000", "plusfactor": "0.00000",
        "aggregationcoef": "0.00000", "aggregationcoef2": "0.00000", "weightoverride": 0, "sortorder": 1,
        "display": 0, "decimals": None, "hidden": 0, "locked": 0, "locktime": 0, "needsupdate": 0,
        "timecreated": new.now, "timemodified": new.now,
    }  # fmt: skip
    items = tree("grade_item", item, tree("grade_grades"), id=new.grade_item_id)
    settings = tree("grade_setting", {"name": "minmaxtouse", "value": 1}, id="")
    return tree(
        "gradebook", None,
        tree("attributes"),
        tree("grade_categories", None, tree("grade_category", category, id=new.grade_category_id)),
        tree("grade_items", None, items),
        tree("grade_letters"),
        tree("grade_settings", None, settings),
    )  # fmt: skip
