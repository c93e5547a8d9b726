"""The small course with a gradebook: a category of its own, a scale, an outcome, and what two people got."""

from tests.archives import pack_tgz, small_course
from tests.course_documents import MADE_AT, StoredFile, activity_documents, document, leaves, node
from tests.quiz_course import with_activity
from tests.viewing import AMIRA, BEN, CONTEXT, INSTANCE, MODULE, own, restored_from

TOP, FIELD_WORK = 9, 10
SCALE, OUTCOME = 31, 41


def grade(person, value, feedback=None, **more):
    values = {"hidden": 0, "locked": 0, "locktime": 0, "overridden": 0, "excluded": 0} | more
    return leaves(
        userid=person, finalgrade=value, feedback=feedback, feedbackformat=1, timemodified=MADE_AT, **values
    )


def item(number, *grades, **more):
    values = {
        "categoryid": TOP, "itemname": None, "itemtype": "manual", "iteminstance": None, "calculation": None,
        "gradetype": 1, "grademax": "100.00000", "grademin": "0.00000", "scaleid": None, "outcomeid": None,
        "gradepass": "0.00000", "aggregationcoef": "0.00000", "aggregationcoef2": "0.50000", "weightoverride": 0,
        "sortorder": number, "decimals": None, "hidden": 0, "locked": 0, "locktime": 0,
    } | more  # fmt: skip
    given = [node("grade_grade", one, id=number * 100 + place) for place, one in enumerate(grades)]
    return node("grade_item", [*leaves(**values), node("grade_grades", given)], id=number)


def category(number, parent, name, **more):
    values = {
        "aggregation": 13,
        "keephigh": 0,
        "droplow": 0,
        "aggregateonlygraded": 1,
        "aggregateoutcomes": 0,
    }
    values |= {"parent": parent, "fullname": name, "hidden": 0} | more
    return node("grade_category", leaves(**values), id=number)


def gradebook():
    """Of the course: field work beside the activities, each with its total."""
    categories = [
        category(TOP, None, "?"),
        category(FIELD_WORK, TOP, "Field work", aggregation=10, droplow=1),
    ]
    items = [
        item(1, grade(AMIRA, "61.50000"), itemtype="course", iteminstance=TOP, categoryid=None, sortorder=1),
        item(2, grade(AMIRA, "18.00000"), itemtype="category", iteminstance=FIELD_WORK, categoryid=None, sortorder=5),
        item(
            3, grade(AMIRA, "18.25000", "<p>Walked <b>well</b>.</p>", overridden=MADE_AT), grade(BEN, None),
            itemname="Walk on the quay", categoryid=FIELD_WORK, grademax="20.00000", aggregationcoef="2.00000",
            sortorder=6, gradepass="10.00000", locked=MADE_AT,
        ),
    ]  # fmt: skip
    return node(
        "gradebook",
        [node("grade_categories", categories), node("grade_items", items), node("grade_letters", [])],
    )


def log_items():
    """Of the activity: a mark, and how far an outcome is reached, in words."""
    mark = item(
        4, grade(AMIRA, "88.50000"), grade(BEN, "41.00000", "<script>alert(1)</script>Look again.", hidden=1),
        itemname="Observation log", itemtype="mod", itemmodule="assign", iteminstance=INSTANCE, sortorder=2,
    )  # fmt: skip
    reached = item(
        5, grade(BEN, "2.00000"), itemname="Reads tables", itemtype="mod", gradetype=2, scaleid=SCALE,
        outcomeid=OUTCOME, grademax="3.00000", sortorder=3, hidden=1,
    )  # fmt: skip
    return node("activity_gradebook", [node("grade_items", [mark, reached]), node("grade_letters", [])])


def graded_members(files: tuple[StoredFile, ...] = ()):
    """The archive's files."""
    members = small_course(files=files)
    members |= activity_documents(
        "assign", MODULE, INSTANCE, CONTEXT, node("assign", own(), id=INSTANCE), True
    )
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "assign", MODULE, "Looked at")
    members[f"activities/assign_{MODULE}/grades.xml"] = document(log_items())
    members["gradebook.xml"] = document(gradebook())
    scale = leaves(courseid=7, userid=0, name="How far", scale="Not yet, Nearly, Reached", description="")
    members["scales.xml"] = document(node("scales_definition", [node("scale", scale, id=SCALE)]))
    outcome = leaves(
        courseid=7, userid=0, shortname="READS", fullname="Reads a tide table", scaleid=SCALE,
        description="<p>Without help.</p>", descriptionformat=1,
    )  # fmt: skip
    members["outcomes.xml"] = document(node("outcomes_definition", [node("outcome", outcome, id=OUTCOME)]))
    return members


def graded_course():
    return restored_from(pack_tgz(graded_members()))
