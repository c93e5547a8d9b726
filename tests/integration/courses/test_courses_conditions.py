"""What teachers read on a course's pages of who may see what, when it is done, and how groups work in it."""

import json

import pytest

from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.course_documents import MADE_AT, document, leaves, node
from tests.factories import make_admin, make_person, make_teacher
from tests.pages import text
from tests.restored import activity
from tests.running import restore
from tests.viewing import AMIRA, BEN, restored_from
from webapp.extensions import db

SEPTEMBER = 1_756_713_600  # Mon 1 Sep 2025, 08:00 UTC


def with_leaves(members, name, **values):
    """The document of an archive with other values in some of its leaves."""
    content = members[name].decode()
    for leaf, value in values.items():
        before, _, rest = content.partition(f"<{leaf}>")
        content = f"{before}<{leaf}>{value}</{leaf}>{rest.partition(f'</{leaf}>')[2]}"
        assert rest, leaf
    return members | {name: content.encode()}


def escaped(tree):
    return json.dumps(tree).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def groups():
    group = leaves(name="Gulls", description="", descriptionformat=1)
    grouping = leaves(name="Morning watch", description="", descriptionformat=1)
    return document(node("groups", [
        node("group", [*group, node("group_members", [])], id=61), node("groupcustomfields", []),
        node("groupings", [node("grouping", [*grouping, node("grouping_groups", [])], id=62)]),
    ]))  # fmt: skip


@pytest.fixture
def restricted(app):
    """Make a course whose page "Read a tide table" says this of itself in module.xml."""

    def make(**values):
        members = small_course() | {"groups.xml": groups()}
        return restored_from(pack_tgz(with_leaves(members, "activities/page_42/module.xml", **values)))

    return make


def line_of(page, course):
    """What the course's page says of the page in it."""
    soup = page(f"/courses/{course.id}")
    return text(soup.find(id=f"a{activity(course, 'Read a tide table').id}"))


CONDITIONS = {
    "From Mon 1 Sep 2025, ": {"type": "date", "d": ">=", "t": SEPTEMBER},
    "Until Mon 1 Sep 2025, ": {"type": "date", "d": "<", "t": SEPTEMBER},
    "“How to fold a chart” is done": {"type": "completion", "cm": 43, "e": 1},
    "The activity before is done with a pass": {"type": "completion", "cm": -1, "e": 2},
    "A grade of at least 50% for something that is not in this course": {"type": "grade", "id": 9, "min": 50},
    "In the group “Gulls”": {"type": "group", "id": 61},
    "In any group": {"type": "group"},
    "In a group of the grouping “Morning watch”": {"type": "grouping", "id": 62},
    "City is empty": {"type": "profile", "sf": "city", "op": "isempty"},
    "The profile field “house” begins with “Tern”": {
        "type": "profile", "cf": "house", "op": "startswith", "v": "Tern",
    },
    "A condition of a plugin: stash": {"type": "stash", "object": 4},
}  # fmt: skip


def test_each_condition_is_said_in_words(page, restricted, sign_in_as):
    course = restricted(availability=escaped({"op": "|", "c": list(CONDITIONS.values()), "show": True}))
    sign_in_as(make_teacher(course=course))

    said = line_of(page, course)

    assert "Restricted in Moodle. One of these:" in said
    assert [words for words in CONDITIONS if words not in said] == []


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"op": "&", "c": [CONDITIONS["In any group"]], "showc": [True]}, "Restricted in Moodle: In any group."),
        (
            {"op": "&", "c": [CONDITIONS["In any group"]], "showc": [False]},
            "Restricted in Moodle: In any group; nobody else sees that it is there.",
        ),
        ({"op": "!&", "c": [CONDITIONS["In any group"]], "show": True}, "Restricted in Moodle: Not: In any group."),
        (
            {"op": "&", "showc": [True, True], "c": [
                CONDITIONS["In any group"],
                {"op": "!|", "c": [CONDITIONS["In the group “Gulls”"], CONDITIONS["City is empty"]]},
            ]},
            "All of this: In any group None of this: In the group “Gulls” City is empty",
        ),
    ],
)  # fmt: skip
def test_how_conditions_go_together_is_said(page, restricted, sign_in_as, tree, words):
    course = restricted(availability=escaped(tree))
    sign_in_as(make_teacher(course=course))

    assert words in line_of(page, course)


@pytest.mark.parametrize("broken", ["{", "[]", "7", '{"op":"&amp;","c":[]}', '{"op":"&amp;","c":["x"]}'])
def test_a_tree_that_says_nothing_is_no_restriction(page, restricted, sign_in_as, broken):
    course = restricted(availability=broken)
    sign_in_as(make_teacher(course=course))

    assert "Restricted" not in line_of(page, course)


def test_completion_and_groups_stand_in_the_line_and_on_the_page(page, restricted, sign_in_as):
    course = restricted(
        completion=2, completionview=1, completionexpected=SEPTEMBER, groupmode=1, groupingid=62
    )
    sign_in_as(make_teacher(course=course))

    assert "Page · Separate groups, of “Morning watch” · done by conditions" in line_of(page, course)
    own = page(f"/courses/{course.id}/activities/{activity(course, 'Read a tide table').id}")
    words = text(own.select_one(".conditions"))
    assert "Done when: It was looked at. Expected by Mon 1 Sep 2025, " in words
    assert "Separate groups, of “Morning watch”" in words


def test_the_page_says_how_many_have_done_it(page, app, sign_in_as):
    members = with_leaves(small_course(), "activities/page_42/module.xml", completion=1)
    states = [(AMIRA, 1), (BEN, 0)]
    rows = [
        leaves(userid=who, completionstate=state, viewed=1, timemodified=MADE_AT) for who, state in states
    ]
    done = [node("completion", row, id=number) for number, row in enumerate(rows, 1)]
    members["activities/page_42/completion.xml"] = document(node("completions", done))
    course = restored_from(pack_tgz(members))
    sign_in_as(make_teacher(course=course))

    soup = page(f"/courses/{course.id}/activities/{activity(course, 'Read a tide table').id}")

    assert "Pupils tick it off themselves. 1 person has done it." in text(soup.select_one(".conditions"))


def test_pupils_read_nothing_of_it(page, restricted, sign_in_as):
    tree = {"op": "&", "c": [CONDITIONS["In any group"]], "showc": [True]}
    course = restricted(availability=escaped(tree), completion=1)
    sign_in_as(make_person(course=course))

    assert line_of(page, course) == "Read a tide table Page"
    own = page(f"/courses/{course.id}/activities/{activity(course, 'Read a tide table').id}")
    assert own.select_one(".conditions") is None


def test_the_restrictions_of_old_moodles_are_said_in_the_same_words(page, app, sign_in_as):
    _, course = restore(corpus_file("fixture-2.6-availability").read_bytes(), make_admin("office"))
    course.visible = True
    db.session.commit()
    sign_in_as(make_teacher(course=course))

    words = text(page(f"/courses/{course.id}").main)

    for said in (
        "Page with FROM date (2030) Page Restricted in Moodle: From Tue 1 Jan 2030, ",
        "A grade of at least 75% for “Quiz for grade”.",
        "Mail address has “frog” in it.",
        "“Quiz for grade” is done without a pass.",
        "In a group of the grouping “Example grouping”.",
        "A grade of at least 20% for “Quiz for grade”",
        "Topic with grouping (works slightly differently) Restricted in Moodle: In a group of the grouping",
    ):
        assert said in words
