"""What people handed in for an assignment, and what they were given back."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.comments import Comment, comments_of
from webapp.courses.viewers.documents import MOST_READ, Pages, Source
from webapp.courses.viewers.grading import Filling, Grading
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.models import CourseFile

ROWS = 25
_SUBMISSIONS, _GRADES = "submissions/submission", "grades/grade"
# Moodle 4.5 mod/assign/locallib.php ASSIGN_SUBMISSION_STATUS_*
_STATES = {
    "new": _l("Nothing handed in"),
    "draft": _l("A draft, not handed in"),
    "submitted": _l("Handed in"),
    "reopened": _l("Opened again"),
}
_TEXT = "subplugin_assignsubmission_onlinetext_submission/submission_onlinetext"
_COMMENT = "subplugin_assignfeedback_comments_grade/feedback_comments"
_REMARKS = "subplugin_assignfeedback_editpdf_grade/feedback_editpdf_comments/comment"


@dataclass(frozen=True)
class Work:
    """One attempt of a person or a group."""

    who: Name | None
    group: str
    attempt: int
    state: str
    at: int | None
    extended: int | None
    text: Markup
    files: list[CourseFile]
    mark: str
    marked_by: Name | None
    marked_at: int | None
    feedback: Markup
    feedback_files: list[CourseFile]
    #: What was written on the pages of the work: page number and words.
    remarks: list[tuple[int, str]]
    filling: list[Filling]
    comments: list[Comment]


@dataclass
class _Attempt:
    """Which records belong together: both belong to this attempt of this person or group."""

    userid: int
    groupid: int
    number: int
    submission: int = 0
    grade: int = 0


def work_of(source: Source, grading: Grading | None) -> tuple[list[Work], Pages]:
    """A page of what was handed in, by the names of the people; with how much there is."""
    attempts = _attempts(source)
    pages = Pages(max(1, source.asked.page), len(attempts), ROWS)
    some = attempts[pages.first : pages.first + ROWS]
    submissions = source.some(_SUBMISSIONS, [one.submission for one in some])
    grades = source.some(_GRADES, [one.grade for one in some])
    works = _Works(source, grading, submissions, grades)
    return [works.of(one) for one in some], pages


def _attempts(source: Source) -> list[_Attempt]:
    attempts: dict[tuple[int, int, int], _Attempt] = {}
    names = {}
    for element in source.all(_SUBMISSIONS, limit=MOST_READ):
        user, group = number(element, "userid"), number(element, "groupid")
        attempt = _Attempt(user, group, number(element, "attemptnumber"), submission=id_of(element))
        # In a group's work, each of its people may have a row with nothing in it besides.
        attempts[user, 0 if user else group, attempt.number] = attempt
        names[user] = source.person(user)
    for element in source.all(_GRADES, limit=MOST_READ):
        user, attempt_number = number(element, "userid"), number(element, "attemptnumber")
        found = attempts.setdefault((user, 0, attempt_number), _Attempt(user, 0, attempt_number))
        found.grade = id_of(element)
        names[user] = source.person(user)
    return sorted(
        attempts.values(),
        key=lambda one: (str(names[one.userid]).casefold(), one.userid, one.groupid, one.number),
    )


class _Works:
    """Puts together what is shown of some attempts, with one question for each kind of file."""

    def __init__(
        self,
        source: Source,
        grading: Grading | None,
        submissions: dict[int, etree._Element],
        grades: dict[int, etree._Element],
    ) -> None:
        self._source = source
        self._scale = number(source.own, "grade")
        self._submissions = submissions
        self._grades = grades
        self._files = source.files("assignsubmission_file", "submission_files", submissions)
        self._given = source.files("assignfeedback_file", "feedback_files", grades)
        self._marked = source.files("assignfeedback_editpdf", "download", grades)
        self._fillings = grading.fillings(grades) if grading is not None else {}
        self._comments = comments_of(source, "submission_comments", submissions)
        self._extended = {
            number(one, "userid"): when(one, "extensionduedate") for one in source.all("userflags/userflag")
        }

    def of(self, attempt: _Attempt) -> Work:
        source = self._source
        submission, grade = self._submissions.get(attempt.submission), self._grades.get(attempt.grade)
        state = leaf(submission, "status")
        mark = leaf(grade, "grade")
        grader = number(grade, "grader")
        return Work(
            source.person(attempt.userid) if attempt.userid else None,
            source.around.group(attempt.groupid),
            attempt.number + 1,
            _STATES.get(state, state) if submission is not None else _("Nothing handed in"),
            when(submission, "timemodified") if state not in ("", "new") else None,
            self._extended.get(attempt.userid),
            self._text(submission),
            self._files.get(attempt.submission, []),
            source.around.mark(self._scale, mark) if mark and not mark.startswith("-") else "",
            source.person(grader) if grader > 0 else None,
            when(grade, "timemodified"),
            self._feedback(grade),
            self._given.get(attempt.grade, []) + self._marked.get(attempt.grade, []),
            _remarks(grade),
            self._fillings.get(attempt.grade, []),
            self._comments.get(attempt.submission, []),
        )

    def _text(self, submission: etree._Element | None) -> Markup:
        text = submission.find(_TEXT) if submission is not None else None
        if submission is None or text is None:
            return Markup("")
        return self._source.html(
            text, "onlinetext", "assignsubmission_onlinetext", "submissions_onlinetext", id_of(submission),
            format="onlineformat",
        )  # fmt: skip

    def _feedback(self, grade: etree._Element | None) -> Markup:
        comment = grade.find(_COMMENT) if grade is not None else None
        if grade is None or comment is None:
            return Markup("")
        return self._source.html(
            comment,
            "commenttext",
            "assignfeedback_comments",
            "feedback",
            id_of(grade),
            format="commentformat",
        )


def _remarks(grade: etree._Element | None) -> list[tuple[int, str]]:
    found = grade.iterfind(_REMARKS) if grade is not None else ()
    written = [
        (number(one, "pageno") + 1, leaf(one, "rawtext")) for one in found if leaf(one, "draft") != "1"
    ]
    return [one for one in written if one[1]]
