"""A workshop: its phases, the form that people assess by, and for its teachers what was handed in."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import figures, id_of, leaf, number, shown, when, whole
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.workshop_form import Form, form_of
from webapp.models import CourseFile
from webapp.pages.formatters import moment

# Moodle 4.5 mod/workshop/locallib.php workshop::PHASE_SETUP and so on.
_PHASES = {
    10: _l("Setting up"),
    20: _l("Handing in"),
    30: _l("Assessing"),
    40: _l("Grading"),
    50: _l("Closed"),
}


@dataclass(frozen=True)
class Assessment:
    who: Name
    grade: str
    #: What the person got for assessing.
    own_grade: str
    at: int | None
    #: Cleaned; so are the other texts.
    feedback: str
    files: list[CourseFile]


@dataclass(frozen=True)
class Submission:
    id: int
    title: str
    #: None: an example, which is the course's.
    who: Name | None
    at: int | None
    text: str
    files: list[CourseFile]
    grade: str
    feedback: str
    is_late: bool
    is_published: bool
    assessments: list[Assessment]
    #: What its author got for assessing others.
    for_assessing: str = ""


@dataclass(frozen=True)
class Workshop:
    phases: list[tuple[str, bool]]
    settings: list[tuple[str, str]]
    #: What is said to people, with what it is for.
    said: list[tuple[str, str]]
    form: Form
    examples: list[Submission]
    submissions: list[Submission]
    pages: Pages


def workshop(source: Source) -> Workshop:
    own, pages = source.own, source.pages("submissions/submission")
    reader = _Reader(source)
    phase = number(own, "phase")
    shown = list(source.page_of("submissions/submission", pages))
    return Workshop(
        [(words, at == phase) for at, words in _PHASES.items()],
        _settings(source),
        _said(source, phase),
        form_of(source),
        reader.submissions(list(own.iterfind("examplesubmissions/examplesubmission")))
        if source.with_people
        else [],
        reader.submissions(shown),
        pages,
    )


def _settings(source: Source) -> list[tuple[str, str]]:
    own, around = source.own, source.around
    return [
        (_("Handing in begins"), moment(when(own, "submissionstart"))),
        (_("Handing in ends"), moment(when(own, "submissionend"))),
        (_("Assessing begins"), moment(when(own, "assessmentstart"))),
        (_("Assessing ends"), moment(when(own, "assessmentend"))),
        (_("For the work"), around.most(_points(own, "grade"))),
        (_("For assessing"), around.most(_points(own, "gradinggrade"))),
        (_("Files with the work"), leaf(own, "nattachments") if number(own, "nattachments") else ""),
        (_("Late work"), _("taken") if leaf(own, "latesubmissions") == "1" else ""),
        (_("Own work"), _("assessed too") if leaf(own, "useselfassessment") == "1" else ""),
        (_("Examples"), _("to be assessed first") if leaf(own, "useexamples") == "1" else ""),
    ]


def _said(source: Source, phase: int) -> list[tuple[str, str]]:
    """The instructions; the conclusion is for everybody once the workshop is closed."""
    texts = [
        ("instructauthors", _("For those who hand in")),
        ("instructreviewers", _("For those who assess")),
    ]
    if source.with_people or phase == 50:
        texts.append(("conclusion", _("In the end")))
    said = [(words, source.html(source.own, name, "mod_workshop", name)) for name, words in texts]
    return [(words, text) for words, text in said if text]


class _Reader:
    """Reads what was handed in, with what others thought of it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: What the database keeps are hundredths of these.
        self._most = _points(source.own, "grade")
        self._most_for_assessing = _points(source.own, "gradinggrade")

    def submissions(self, elements: list[etree._Element]) -> list[Submission]:
        files = self._files("submission_attachment", elements)
        assessments = [one for element in elements for one in _assessments(element)]
        attached = self._files("overallfeedback_attachment", assessments)
        sums = {
            number(one, "userid"): leaf(one, "gradinggrade") for one in self._source.all("aggregations/aggregation")
        } if elements else {}  # fmt: skip
        return [self._submission(one, files, attached, sums) for one in elements]

    def _submission(
        self,
        one: etree._Element,
        files: dict[int, list[CourseFile]],
        attached: dict[int, list[CourseFile]],
        sums: dict[int, str],
    ) -> Submission:
        author = number(one, "authorid")
        return Submission(
            id_of(one),
            leaf(one, "title"),
            self._source.person(author) if author else None,
            when(one, "timecreated"),
            self._source.html(one, "content", "mod_workshop", "submission_content", id_of(one)),
            files.get(id_of(one), []),
            _part(leaf(one, "gradeover") or leaf(one, "grade"), self._most),
            self._source.html(one, "feedbackauthor"),
            number(one, "late") > 0,
            leaf(one, "published") == "1",
            [self._assessment(found, attached) for found in _assessments(one)],
            _part(sums.get(author, ""), self._most_for_assessing),
        )

    def _assessment(self, one: etree._Element, attached: dict[int, list[CourseFile]]) -> Assessment:
        return Assessment(
            self._source.person(number(one, "reviewerid")),
            _part(leaf(one, "grade"), self._most),
            _part(leaf(one, "gradinggradeover") or leaf(one, "gradinggrade"), self._most_for_assessing),
            when(one, "timemodified") or when(one, "timecreated"),
            self._source.html(one, "feedbackauthor", "mod_workshop", "overallfeedback_content", id_of(one)),
            attached.get(id_of(one), []),
        )

    def _files(self, area: str, elements: list[etree._Element]) -> dict[int, list[CourseFile]]:
        return self._source.files("mod_workshop", area, [id_of(one) for one in elements])


def _assessments(submission: etree._Element) -> list[etree._Element]:
    return list(submission.iterfind("assessments/assessment"))


def _points(own: etree._Element, name: str) -> int:
    """The most that one can get: a whole number, though the database keeps it with a fraction."""
    return whole(figures(leaf(own, name)))


def _part(percent: str, most: int) -> str:
    """A grade, which the database keeps in hundredths of the most that one can get."""
    try:
        if not percent or most <= 0:
            return ""
        return _("%(got)s of %(most)s", got=shown(f"{float(percent) * most / 100:.2f}"), most=most)
    except ValueError:
        return ""
