"""What teachers edit inside an activity, by its type: Moodle 4.5 mod/*/mod_form.php, and the pages of each type."""

from __future__ import annotations

from lxml import etree

from jobs.archive.trees import Leaf, Tree
from jobs.language import lazy_gettext as _l
from webapp.content.feedback_options import follow_options
from webapp.content.wiki_versions import add_version, newest_version
from webapp.courses.editing.things import Contents, Field, Kind, Part, Thing

#: The dates of activities' own elements as their pages call them, and the date, if any, that each can't be before.
#: One that is declared and not named here goes by the word of its declaration.
_DATES = {
    "allowsubmissionsfromdate": (_l("Open from"), ""),
    "available": (_l("Open from"), ""),
    "timeavailablefrom": (_l("Open from"), ""),
    "timeavailableto": (_l("Closes"), "timeavailablefrom"),
    "timeviewfrom": (_l("Can be read from"), ""),
    "timeviewto": (_l("Can be read until"), "timeviewfrom"),
    "timeopen": (_l("Opens"), ""),
    "openingtime": (_l("Opens"), ""),
    "timeclose": (_l("Closes"), "timeopen"),
    "closingtime": (_l("Closes"), "openingtime"),
    "duedate": (_l("Due"), "allowsubmissionsfromdate"),
    "cutoffdate": (_l("Last day"), "duedate"),
    "deadline": (_l("Last day"), "available"),
    "gradingduedate": (_l("To be marked by"), "allowsubmissionsfromdate"),
    "submissionstart": (_l("Handing in begins"), ""),
    "submissionend": (_l("Handing in ends"), "submissionstart"),
    "assessmentstart": (_l("Assessing begins"), ""),
    "assessmentend": (_l("Assessing ends"), "assessmentstart"),
    "editbegin": (_l("Written from"), ""),
    "editend": (_l("Written until"), "editbegin"),
    "assesstimestart": (_l("Can be rated from"), ""),
    "assesstimefinish": (_l("Can be rated until"), "assesstimestart"),
}
#: Type -> what is said to people besides the description.
_SAID = {
    "assign": (Field("activity", _l("What to do"), hint=_l("Shown while the work is being written.")),),
    "feedback": (Field("page_after_submit", _l("Shown after answering")),),
    "workshop": (
        Field("instructauthors", _l("For those who hand in")),
        Field("instructreviewers", _l("For those who assess")),
        Field("conclusion", _l("In the end")),
    ),
}


def settings_for(activity_type: str, tree: Tree) -> Contents:
    """What the page for an activity's name and description has besides: the declared dates, and what is said."""
    own = tree.node(f"activity/{activity_type}")
    declared = [leaf for leaf in own.leaves.values() if leaf.date] if own else []
    order = list(_DATES)
    declared.sort(key=lambda leaf: order.index(leaf.name) if leaf.name in _DATES else len(order))
    return Contents(tuple(_date(leaf) for leaf in declared) + _SAID.get(activity_type, ()))


def _date(leaf: Leaf) -> Field:
    label, after = _DATES.get(leaf.name, ((leaf.date or leaf.name).capitalize(), ""))
    return Field(leaf.name, label, Kind.DATE, after=after)


# Moodle 4.5 mod/lesson/pagetypes: the short answer, true or false, several choices, matching, a number, an essay, and
# a page with buttons. Of matching the first two answers hold what is said after it.
_HTML_ANSWERS = Contents(
    parts=(
        Part(
            _l("Answer"),
            "answers/answer",
            (Field("answer_text", _l("Text")), Field("response", _l("Said after it"))),
        ),
    )
)
_PLAIN_ANSWERS = Contents(
    parts=(
        Part(
            _l("Answer"),
            "answers/answer",
            (
                Field("answer_text", _l("Text"), Kind.LINE, needed=True, longest=2000),
                Field("response", _l("Said after it")),
            ),
        ),
    )
)
_LESSON_KINDS = {
    "1": _PLAIN_ANSWERS,
    "2": _HTML_ANSWERS,
    "3": _HTML_ANSWERS,
    "5": Contents(
        parts=(
            Part(
                _l("Said when all is right"),
                "answers/answer[1]",
                (Field("answer_text", _l("Text")),),
                is_counted=False,
            ),
            Part(
                _l("Said when not all is right"),
                "answers/answer[2]",
                (Field("answer_text", _l("Text")),),
                is_counted=False,
            ),
            Part(
                _l("Pair"),
                "answers/answer[position() > 2]",
                (
                    Field("answer_text", _l("This")),
                    Field("response", _l("belongs to"), Kind.LINE, needed=True, longest=2000),
                ),
            ),
        )
    ),
    "8": _PLAIN_ANSWERS,
    "20": Contents(
        parts=(
            Part(
                _l("Button"),
                "answers/answer",
                (Field("answer_text", _l("What it says"), Kind.LINE, needed=True, longest=2000),),
            ),
        )
    ),
}
# Moodle 4.5 mod/feedback/item: of a text between the questions, what is shown stands in `presentation`; of a question
# that holds its options and limits, by which answers are counted.
_ASKED = Contents(
    (
        Field("name", _l("Question"), needed=True),
        Field("label", _l("Short name"), hint=_l("Heads its column in Moodle’s tables.")),
    )
)
_OPTIONS = Field(
    "presentation", _l("Options, a line each"), Kind.OPTIONS,
    hint=_l("Where options carry points, a line begins with them: 5/Very good. Answers count by the place of a line."),
)  # fmt: skip
_CHOICE = _ASKED + Contents((_OPTIONS,))
_FEEDBACK_KINDS = {
    "multichoice": _CHOICE, "multichoicerated": _CHOICE,
    "label": Contents((Field("presentation", _l("Text")),)), "pagebreak": Contents(),
}  # fmt: skip
_LIMIT = Field(
    "maxanswers",
    _l("For at most"),
    Kind.NUMBER,
    hint=_l("0: any number. It counts where answers are limited."),
)
_ASPECT = Field("description", _l("What is looked at"))


def _aspect(strategy: str, more: Contents = Contents()) -> Thing:  # noqa: B008 - it never changes
    path = f"subplugin_workshopform_{strategy}_workshop/workshopform_{strategy}_dimension"
    return Thing(_l("Edit the aspect"), path, Contents((_ASPECT,)) + more)


def _wiki_text(page: etree._Element) -> Contents:
    """The text of the newest version; a change of it becomes a version of its own."""
    newest = newest_version(page)
    if newest is None:
        return Contents()
    hint = _l(
        "It is kept as a version of its own, and those before stay. It bears your name if you came with the course,"
        " else that of whoever wrote last."
    )
    place = list(page.iterfind("versions/version")).index(newest) + 1
    return Contents((Field(f"versions/version[{place}]/content", _l("Text"), Kind.HTML, hint=hint),))


#: Type -> the things in it that have a page each, by the name that their address has.
THINGS: dict[str, dict[str, Thing]] = {
    "book": {
        "chapter": Thing(
            _l("Edit the chapter"),
            "chapters/chapter",
            Contents((Field("title", _l("Title"), needed=True), Field("content", _l("Text")))),
            is_alone=True,
        )
    },
    "choice": {
        "options": Thing(
            _l("Edit the options"),
            always=Contents(
                parts=(
                    Part(
                        _l("Option"),
                        "options/option",
                        (
                            Field("text", _l("What it says"), needed=True, longest=2000),
                            _LIMIT,
                        ),
                    ),
                )
            ),
        )
    },
    "data": {
        "field": Thing(_l("Edit the field"), "fields/field", Contents((Field("description", _l("What it is for")),)))
    },
    "feedback": {
        "item": Thing(
            _l("Edit the question"), "items/item",
            by="typ", kinds=_FEEDBACK_KINDS, others=_ASKED, prepare=follow_options,
        )
    },
    "glossary": {
        "entry": Thing(
            _l("Edit the entry"),
            "entries/entry",
            Contents(
                (Field("concept", _l("Word"), needed=True), Field("definition", _l("What it means"))),
                (Part(_l("Other word"), "aliases/alias", (Field("alias_text", _l("Word"), needed=True),)),),
            ),
        ),
        "categories": Thing(
            _l("Edit the categories"),
            always=Contents(
                parts=(Part(_l("Category"), "categories/category", (Field("name", _l("Name"), needed=True),)),)
            ),
        ),
    },
    "lesson": {
        "page": Thing(
            _l("Edit the page"),
            "pages/page",
            Contents((Field("title", _l("Title"), needed=True), Field("contents", _l("Text")))),
            "qtype",
            _LESSON_KINDS,
        )
    },
    "quiz": {
        "feedback": Thing(
            _l("Edit the feedback"),
            always=Contents(parts=(Part(_l("Said"), "feedbacks/feedback", (Field("feedbacktext", _l("Text")),)),)),
        )
    },
    "wiki": {
        "page": Thing(
            _l("Edit the page"), "subwikis/subwiki/pages/page",
            made_for=_wiki_text, prepare=add_version, is_alone=True,
        )
    },
    "workshop": {
        "accumulative": _aspect("accumulative"),
        "comments": _aspect("comments"),
        "numerrors": _aspect(
            "numerrors", Contents((Field("grade0", _l("Word for no")), Field("grade1", _l("Word for yes"))))
        ),
        "rubric": _aspect(
            "rubric",
            Contents(parts=(Part(_l("Level"), "workshopform_rubric_level", (Field("definition", _l("Text")),)),)),
        ),
        "example": Thing(
            _l("Edit the example"),
            "examplesubmissions/examplesubmission",
            Contents((Field("title", _l("Title"), needed=True), Field("content", _l("Text")))),
        ),
    },
}  # fmt: skip
