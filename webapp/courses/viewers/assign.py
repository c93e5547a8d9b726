"""An assignment: what is asked for, until when; for its teachers what was handed in and given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.archive.ids.numbers import is_whole, whole
from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from jobs.language.sizes import size
from webapp.courses.viewers.assign_work import Work, work_of
from webapp.courses.viewers.documents import MOST_READ, Pages, Source
from webapp.courses.viewers.exceptions import ExceptionFor, exceptions_of
from webapp.courses.viewers.grading import Grading, grading_of
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.models import CourseFile
from webapp.pages.formatters import exact_duration
from webapp.reading import label_of

_ON = {"file": _l("Files"), "onlinetext": _l("A text written here"), "comments": _l("Comments")}


@dataclass(frozen=True)
class Assign:
    opens: int | None
    due: int | None
    ends: int | None
    graded_by: int | None
    time: str
    most: str
    attempts: str
    #: How work is handed in and marked, where it is out of the ordinary.
    ways: list[str]
    asked_for: list[str]
    instructions: Markup
    files: list[CourseFile]
    grading: Grading | None
    work: list[Work]
    pages: Pages | None
    #: Whether more was handed in than is read here.
    is_cut: bool
    exceptions: list[ExceptionFor]


def assign(source: Source) -> Assign:
    own = source.own
    limit, attempts = number(own, "timelimit"), number(own, "maxattempts")
    grading = grading_of(source)
    work, pages = work_of(source, grading) if source.with_people else ([], None)
    return Assign(
        when(own, "allowsubmissionsfromdate"),
        when(own, "duedate"),
        when(own, "cutoffdate"),
        when(own, "gradingduedate") if source.with_people else None,
        exact_duration(limit) if limit > 0 else "",
        source.around.most(number(own, "grade")),
        _("any number") if attempts < 0 else str(attempts or ""),
        list(_ways(own)),
        list(_asked_for(own)),
        source.html(own, "activity", "mod_assign", "activityattachment", 0),
        source.files("mod_assign", "introattachment", [0])[0],
        grading if grading is not None and (source.with_people or grading.is_for_all) else None,
        work,
        pages,
        source.count("submissions/submission") > MOST_READ,
        exceptions_of(source),
    )


def _ways(own: etree._Element) -> Iterable[str]:
    ways = {
        "teamsubmission": _("Groups hand in together."),
        "blindmarking": _("Marked without names in Moodle."),
        "markingworkflow": _("Marks are given out when the teachers release them."),
        "requiresubmissionstatement": _("One confirms that the work is one’s own."),
    }
    return (words for name, words in ways.items() if leaf(own, name) == "1")


def _asked_for(own: etree._Element) -> Iterable[str]:
    """What is handed in, from the settings of the parts that are switched on."""
    settings: dict[str, dict[str, str]] = {}
    for config in own.iterfind("plugin_configs/plugin_config"):
        if leaf(config, "subtype") == "assignsubmission":
            settings.setdefault(leaf(config, "plugin"), {})[leaf(config, "name")] = leaf(config, "value")
    for name, values in settings.items():
        if values.get("enabled") == "1":
            limits = ", ".join(_limits(values))
            yield f"{_ON.get(name) or label_of(name)}{f' ({limits})' if limits else ''}"


def _limits(values: dict[str, str]) -> Iterable[str]:
    files, largest = values.get("maxfilesubmissions", ""), values.get("maxsubmissionsizebytes", "")
    if is_whole(files):
        yield ngettext("at most %(num)s file", "at most %(num)s files", int(files))
    if whole(largest):
        yield _("%(size)s each at most", size=size(whole(largest)))
    if values.get("filetypeslist"):
        yield values["filetypeslist"]
    if values.get("wordlimitenabled") == "1" and is_whole(values.get("wordlimit")):
        yield ngettext("at most %(num)s word", "at most %(num)s words", int(values["wordlimit"]))
