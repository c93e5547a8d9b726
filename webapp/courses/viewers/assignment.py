"""An assignment as it was before Moodle 2.3: what is asked for; for its teachers what was handed in and given back.

Moodle 2.2 mod/assignment/type: `data1` is the text of one that is written online, in the format that `data2` says, or a
note beside files; a grade of -1 is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from jobs.language.sizes import size
from webapp.courses.viewers.assign_work import ROWS, Work
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import id_of, leaf, number, shown, when
from webapp.html import HTML, format_of
from webapp.models import CourseFile
from webapp.pages.formatters import moment

_SUBMISSIONS = "submissions/submission"
_KINDS = {
    "online": _l("A text written in Moodle"),
    "upload": _l("Several files"),
    "uploadsingle": _l("One file"),
    "offline": _l("Something outside of Moodle"),
}


@dataclass(frozen=True)
class Assignment:
    settings: list[tuple[str, str]]
    work: list[Work]
    #: None: not for the person who looks.
    pages: Pages | None


def assignment(source: Source) -> Assignment:
    own = source.own
    kind, largest = leaf(own, "assignmenttype"), number(own, "maxbytes")
    settings = [
        (_("What is asked for"), str(_KINDS.get(kind, kind))),
        (_("Open from"), moment(when(own, "timeavailable"))),
        (_("Due"), moment(when(own, "timedue"))),
        (_("Late work"), _("not taken") if leaf(own, "preventlate") == "1" else ""),
        (_("Once more after marking"), _("yes") if leaf(own, "resubmit") == "1" else ""),
        (_("Largest file"), size(largest) if largest > 0 and kind.startswith("upload") else ""),
        (_("Marked with"), source.around.most(number(own, "grade"))),
    ]
    if not source.with_people:
        return Assignment(settings, [], None)
    pages = source.pages(_SUBMISSIONS, rows=ROWS)
    return Assignment(settings, _works(source, list(source.page_of(_SUBMISSIONS, pages))), pages)


def _works(source: Source, submissions: list[etree._Element]) -> list[Work]:
    ids = [id_of(one) for one in submissions]
    areas = ("submission", "online_submission", "response")
    files = {area: source.files("mod_assignment", area, ids) for area in areas}
    return [_work(source, one, {area: files[area][id_of(one)] for area in areas}) for one in submissions]


def _work(source: Source, one: etree._Element, files: dict[str, list[CourseFile]]) -> Work:
    mark, teacher, handed_in = leaf(one, "grade"), number(one, "teacher"), when(one, "timemodified")
    is_online = leaf(source.own, "assignmenttype") == "online"
    format = format_of(leaf(one, "data2")) if is_online else HTML
    text = source.text(leaf(one, "data1"), format, ("mod_assignment", "submission", id_of(one)))
    is_marked = bool(mark) and not mark.startswith("-")
    return Work(
        who=source.person(number(one, "userid")), group="", attempt=1,
        state=_("Handed in") if handed_in else _("Nothing handed in"), at=handed_in, extended=None, text=text,
        # What was pasted into a text is shown in it.
        files=files["online_submission"] + ([] if is_online else files["submission"]),
        mark=source.around.mark(number(source.own, "grade"), shown(mark)) if is_marked else "",
        marked_by=source.person(teacher) if teacher and is_marked else None, marked_at=when(one, "timemarked"),
        feedback=source.html(one, "submissioncomment", format="format") or Markup(""),
        feedback_files=files["response"], remarks=[], filling=[], comments=[],
    )  # fmt: skip
