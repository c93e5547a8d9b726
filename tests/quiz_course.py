"""The small course with a quiz in it, and a question bank that the quiz asks some questions of."""

import json
from collections.abc import Iterable, Sequence

from tests.archives import small_course
from tests.course_documents import Node, activity_documents, document, leaves, node

QUIZ, QUIZ_CONTEXT, COURSE_CONTEXT = 44, 74, 70
#: By id: the category's name, its parent, its context, and its entries.
CATEGORIES: Sequence[tuple[int, str, int, int, Sequence[int]]] = (
    (80, "top", 0, COURSE_CONTEXT, ()),
    (81, "Tides", 80, COURSE_CONTEXT, (201, 202)),
    (82, "Spring tides", 81, COURSE_CONTEXT, (203,)),
    (83, "Winds", 80, COURSE_CONTEXT, (204,)),
    (90, "top", 0, QUIZ_CONTEXT, ()),
    (91, "Of this quiz", 90, QUIZ_CONTEXT, (205,)),
)


def quiz_course(
    slots: Iterable[Node], *, parts_of: int | None = None, people: bool = True
) -> dict[str, bytes]:
    """Return the small course with “Check yourself”, a quiz; with `parts_of`, entry 204 is a part of that question.

    The entry 201 holds the question 1201, and so on.
    """
    members = small_course(people=people)
    bank = [_category(*one, parts_of) for one in CATEGORIES]
    members["questions.xml"] = document(node("question_categories", bank))
    own = leaves(name="Check yourself", intro="", introformat=1, grade="10.0", timemodified=0)
    parts = [node("question_instances", [_slot(number, one) for number, one in enumerate(slots, 301)])]
    parts += [node(name, []) for name in ("sections", "feedbacks", "overrides", "grades", "attempts")]
    quiz = node("quiz", [*own, *parts], id=54)
    members |= activity_documents("quiz", QUIZ, 54, QUIZ_CONTEXT, quiz, people)
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "quiz", QUIZ, "Check yourself")
    return members


def with_activity(manifest: bytes, kind: str, module: int, title: str, section: int = 32) -> bytes:
    """Add an activity to what a manifest lists."""
    entry = (
        f"<activity><moduleid>{module}</moduleid><sectionid>{section}</sectionid><modulename>{kind}</modulename>"
        f"<title>{title}</title><directory>activities/{kind}_{module}</directory>"
        "<insubsection></insubsection></activity></activities>"
    )
    return manifest.replace(b"</activities>", entry.encode(), 1)


def fixed(entry: int) -> Node:
    """A slot that always asks the same question."""
    content = leaves(component="mod_quiz", questionarea="slot", questionbankentryid=entry, version=None)
    return node("question_reference", content, id=entry + 100)


def drawn(category: int, *, below: bool = False) -> Node:
    """A slot that asks any question of a category."""
    options = {"includesubcategories": below}
    condition = {"filter": {"category": {"jointype": 1, "values": [category], "filteroptions": options}}}
    content = leaves(questionscontextid=COURSE_CONTEXT, filtercondition=json.dumps(condition))
    return node("question_set_reference", content, id=category + 300)


def _slot(number: int, reference: Node) -> Node:
    own = leaves(quizid=54, slot=number - 300, page=1, maxmark="1.0")
    return node("question_instance", [*own, reference], id=number)


def _category(
    number: int, name: str, parent: int, context: int, entries: Iterable[int], parts_of: int | None
) -> Node:
    own = leaves(
        name=name, contextid=context, contextlevel=50 if context == COURSE_CONTEXT else 70, contextinstanceid=7,
        info="", infoformat=0, stamp=f"school.example+{number}", parent=parent, sortorder=0, idnumber=None,
    )  # fmt: skip
    held = [_entry(one, number, parts_of if one == 204 else None) for one in entries]
    return node("question_category", [*own, node("question_bank_entries", held)], id=number)


def _entry(number: int, category: int, whole: int | None) -> Node:
    own = leaves(questioncategoryid=category, idnumber=None, ownerid=101)
    question = leaves(
        parent=whole or 0, name=f"Question {number}", questiontext="<p>When is it high?</p>", questiontextformat=1,
        generalfeedback="", generalfeedbackformat=1, defaultmark="1.0", penalty="0.3", qtype="description", length=1,
        stamp=f"school.example+q{number}", timecreated=0, timemodified=0, createdby=101, modifiedby=101,
    )  # fmt: skip
    questions = node("questions", [node("question", question, id=number + 1000)])
    version = node("question_versions", [*leaves(version=1, status="ready"), questions], id=number + 2000)
    return node("question_bank_entry", [*own, node("question_version", [version])], id=number)
