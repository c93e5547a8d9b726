"""What teachers edit inside an activity, by its type: Moodle 4.5 mod/*/mod_form.php, and the pages of each type."""

from __future__ import annotations

from lxml import etree

from jobs.archive.trees import Leaf, Tree
from webapp.content.feedback_options import follow_options
from webapp.content.wiki_versions import add_version, newest_version
from webapp.courses.editing.things import Contents, Field, Kind, Part, Thing

#: The dates of activities' own elements as their pages call them, and the date, if any, that each can't be before.
#: One that is declared and not named here goes by the word of its declaration.
_DATES = {
    "allowsubmissionsfromdate": ("Open from", ""),
    "available": ("Open from", ""),
    "timeavailablefrom": ("Open from", ""),
    "timeavailableto": ("Closes", "timeavailablefrom"),
    "timeviewfrom": ("Can be read from", ""),
    "timeviewto": ("Can be read until", "timeviewfrom"),
    "timeopen": ("Opens", ""),
    "openingtime": ("Opens", ""),
    "timeclose": ("Closes", "timeopen"),
    "closingtime": ("Closes", "openingtime"),
    "duedate": ("Due", "allowsubmissionsfromdate"),
    "cutoffdate": ("Last day", "duedate"),
    "deadline": ("Last day", "available"),
    "gradingduedate": ("To be marked by", "allowsubmissionsfromdate"),
    "submissionstart": ("Handing in begins", ""),
    "submissionend": ("Handing in ends", "submissionstart"),
    "assessmentstart": ("Assessing begins", ""),
    "assessmentend": ("Assessing ends", "assessmentstart"),
    "editbegin": ("Written from", ""),
    "editend": ("Written until", "editbegin"),
    "assesstimestart": ("Can be rated from", ""),
    "assesstimefinish": ("Can be rated until", "assesstimestart"),
}
#: Type -> what is said to people besides the description.
_SAID = {
    "assign": (Field("activity", "What to do", hint="Shown while the work is being written."),),
    "feedback": (Field("page_after_submit", "Shown after answering"),),
    "workshop": (
        Field("instructauthors", "For those who hand in"),
        Field("instructreviewers", "For those who assess"),
        Field("conclusion", "In the end"),
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
        Part("Answer", "answers/answer", (Field("answer_text", "Text"), Field("response", "Said after it"))),
    )
)
_PLAIN_ANSWERS = Contents(
    parts=(
        Part(
            "Answer",
            "answers/answer",
            (
                Field("answer_text", "Text", Kind.LINE, needed=True, longest=2000),
                Field("response", "Said after it"),
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
                "Said when all is right",
                "answers/answer[1]",
                (Field("answer_text", "Text"),),
                is_counted=False,
            ),
            Part(
                "Said when not all is right",
                "answers/answer[2]",
                (Field("answer_text", "Text"),),
                is_counted=False,
            ),
            Part(
                "Pair",
                "answers/answer[position() > 2]",
                (
                    Field("answer_text", "This"),
                    Field("response", "belongs to", Kind.LINE, needed=True, longest=2000),
                ),
            ),
        )
    ),
    "8": _PLAIN_ANSWERS,
    "20": Contents(
        parts=(
            Part(
                "Button",
                "answers/answer",
                (Field("answer_text", "What it says", Kind.LINE, needed=True, longest=2000),),
            ),
        )
    ),
}
# Moodle 4.5 mod/feedback/item: of a text between the questions, what is shown stands in `presentation`; of a question
# that holds its options and limits, by which answers are counted.
_ASKED = Contents(
    (
        Field("name", "Question", needed=True),
        Field("label", "Short name", hint="Heads its column in Moodle’s tables."),
    )
)
_OPTIONS = Field(
    "presentation", "Options, a line each", Kind.OPTIONS,
    hint="Where options carry points, a line begins with them: 5/Very good. Answers count by the place of a line.",
)  # fmt: skip
_CHOICE = _ASKED + Contents((_OPTIONS,))
_FEEDBACK_KINDS = {
    "multichoice": _CHOICE, "multichoicerated": _CHOICE,
    "label": Contents((Field("presentation", "Text"),)), "pagebreak": Contents(),
}  # fmt: skip
_LIMIT = Field(
    "maxanswers", "For at most", Kind.NUMBER, hint="0: any number. It counts where answers are limited."
)
_ASPECT = Field("description", "What is looked at")


def _aspect(strategy: str, more: Contents = Contents()) -> Thing:  # noqa: B008 - it never changes
    path = f"subplugin_workshopform_{strategy}_workshop/workshopform_{strategy}_dimension"
    return Thing("aspect", path, Contents((_ASPECT,)) + more)


def _wiki_text(page: etree._Element) -> Contents:
    """The text of the newest version; a change of it becomes a version of its own."""
    newest = newest_version(page)
    if newest is None:
        return Contents()
    hint = (
        "It is kept as a version of its own, and those before stay. It bears your name if you came with the course,"
        " else that of whoever wrote last."
    )
    place = list(page.iterfind("versions/version")).index(newest) + 1
    return Contents((Field(f"versions/version[{place}]/content", "Text", Kind.HTML, hint=hint),))


#: Type -> the things in it that have a page each, by the name that their address has.
THINGS: dict[str, dict[str, Thing]] = {
    "book": {
        "chapter": Thing(
            "chapter", "chapters/chapter", Contents((Field("title", "Title", needed=True), Field("content", "Text"))),
            is_alone=True,
        )
    },
    "choice": {
        "options": Thing(
            "options",
            always=Contents(
                parts=(
                    Part(
                        "Option",
                        "options/option",
                        (
                            Field("text", "What it says", needed=True, longest=2000),
                            _LIMIT,
                        ),
                    ),
                )
            ),
        )
    },
    "data": {
        "field": Thing("field", "fields/field", Contents((Field("description", "What it is for"),)))
    },
    "feedback": {
        "item": Thing(
            "question", "items/item", by="typ", kinds=_FEEDBACK_KINDS, others=_ASKED, prepare=follow_options
        )
    },
    "glossary": {
        "entry": Thing(
            "entry",
            "entries/entry",
            Contents(
                (Field("concept", "Word", needed=True), Field("definition", "What it means")),
                (Part("Other word", "aliases/alias", (Field("alias_text", "Word", needed=True),)),),
            ),
        ),
        "categories": Thing(
            "categories",
            always=Contents(parts=(Part("Category", "categories/category", (Field("name", "Name", needed=True),)),)),
        ),
    },
    "lesson": {
        "page": Thing(
            "page",
            "pages/page",
            Contents((Field("title", "Title", needed=True), Field("contents", "Text"))),
            "qtype",
            _LESSON_KINDS,
        )
    },
    "quiz": {
        "feedback": Thing(
            "feedback",
            always=Contents(parts=(Part("Said", "feedbacks/feedback", (Field("feedbacktext", "Text"),)),)),
        )
    },
    "wiki": {
        "page": Thing(
            "page", "subwikis/subwiki/pages/page",
            made_for=_wiki_text, prepare=add_version, is_alone=True,
        )
    },
    "workshop": {
        "accumulative": _aspect("accumulative"),
        "comments": _aspect("comments"),
        "numerrors": _aspect("numerrors", Contents((Field("grade0", "Word for no"), Field("grade1", "Word for yes")))),
        "rubric": _aspect(
            "rubric", Contents(parts=(Part("Level", "workshopform_rubric_level", (Field("definition", "Text"),)),))
        ),
        "example": Thing(
            "example",
            "examplesubmissions/examplesubmission",
            Contents((Field("title", "Title", needed=True), Field("content", "Text"))),
        ),
    },
}  # fmt: skip
