"""Which dates move when the course begins on another day, in numbers and by some examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobs.archive.dates import dates_in
from jobs.archive.names import directory_of
from jobs.archive.survey.report import DateFound, Dates
from jobs.archive.trees import tree_for
from jobs.engine.dry_run.look import Look
from jobs.steps.matching.course_parts import GRADEBOOK

#: So many dates are shown.
EXAMPLES = 8
#: Documents of the course as a whole of which an addition takes what the course does not have.
_JOINED = {"course/calendar.xml": "event", "badges.xml": "badge"}


def dates(look: Look) -> dict[str, Any]:
    """`start` and `new_start` (seconds since 1970, 0 and None if there is none), `offset_days`, `count`, `examples`
    and `fixed`, the types of activities whose own dates nobody here knows.
    """
    shift, start = look.shift, look.manifest.original_course_startdate
    told: dict[str, Any] = {
        "start": start, "new_start": None, "offset_days": 0, "count": 0, "examples": [], "fixed": []
    }  # fmt: skip
    if look.placement.start_date is None:
        return told
    if shift is None:
        return told | {"new_start": start}
    coming = _Coming(look, Dates.from_json(look.found["dates"]) if "dates" in look.found else Dates())
    return told | {
        "new_start": shift.move(start), "offset_days": shift.days, "count": coming.count(),
        "examples": [_example(look, one, shift.move(one.at)) for one in coming.first()[:EXAMPLES]],
        "fixed": look.found.get("unknown_types", []),
    }  # fmt: skip


class _Coming:
    """The dates of an archive that come with the answer."""

    def __init__(self, look: Look, known: Dates) -> None:
        self._look = look
        self._known = known
        # A part of a course is added to one, if need be to one that is made for it.
        self._is_added = look.is_joined or look.manifest.kind != "course"
        sections, activities = look.manifest.sections, look.manifest.activities
        order = [one.directory for one in sections] + [one.directory for one in activities]
        self._listed = {directory: place for place, directory in enumerate(order)}

    def count(self) -> int:
        counts = [self._known.content, *([self._known.people] if self._look.side.with_people else [])]
        whole = sum(number for one in counts for name, number in one.items() if self._comes(name))
        return whole + sum(1 for _ in self._joined())

    def first(self) -> list[DateFound]:
        """Some of them in the order of the course: itself, then section by section."""
        found = [one for one in self._known.first if self._comes(one.document)]
        return sorted([*found, *self._joined()], key=self._place)

    def _comes(self, document: str) -> bool:
        """Whether a document comes as a whole."""
        directory = directory_of(document)
        if not self._is_added or directory.startswith("activities/"):
            return True
        gone = {one.directory for one in self._look.manifest.sections if one.id in self._look.goals.goes_to}
        return directory.startswith("sections/") and directory not in gone

    def _joined(self) -> Iterator[DateFound]:
        """Those of the course as a whole that the course does not have yet."""
        if not self._is_added:
            return
        side, known = self._look.plain_side, self._look.matches.known
        for document, kind in _JOINED.items():
            directory, _, filename = document.rpartition("/")
            tree = tree_for(directory, filename)
            for part in side.records(document):
                if (kind, int(part.element.get("id") or 0)) not in known:
                    name = part.element.findtext("name") or ""
                    for moment, word in dates_in(part.element, part.path, tree):
                        yield DateFound(document, word, moment, name)
        yield from self._locks()

    def _locks(self) -> Iterator[DateFound]:
        """From when on the columns of the gradebook that come along are locked."""
        tree, skeleton = tree_for("", GRADEBOOK), self._look.plain_side.skeleton(GRADEBOOK)
        for item in skeleton.iterfind("grade_items/grade_item") if skeleton is not None else ():
            is_new = ("grade_item", int(item.get("id") or 0)) not in self._look.matches.known
            if is_new and item.findtext("itemtype") not in ("category", "course"):
                for moment, word in dates_in(item, "gradebook/grade_items/grade_item", tree):
                    yield DateFound(GRADEBOOK, word, moment)

    def _place(self, one: DateFound) -> tuple[int, int]:
        directory = directory_of(one.document)
        return ("course.xml" not in one.document, self._listed.get(directory, -1))


def _example(look: Look, found: DateFound, moved: int) -> dict[str, Any]:
    """`type` is that of the activity, or "course", "section", "event" and so on; `title` what it is called."""
    directory = directory_of(found.document)
    titles = {one.directory: (one.modulename, one.title) for one in look.manifest.activities}
    titles |= {one.directory: ("section", one.title) for one in look.manifest.sections}
    whole = {"course/course.xml": "course", "course/calendar.xml": "event", "badges.xml": "badge"}
    kind, title = titles.get(directory) or (whole.get(found.document, "course"), "")
    if kind == "course":
        title = look.manifest.original_course_fullname
    return {"type": kind, "title": found.name or title, "what": found.what, "from": found.at, "to": moved}
