"""What an activity refers to in the course around it: scales and groups; and marks in words."""

from __future__ import annotations

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _, ngettext
from webapp.content.lookups import records_of_course
from webapp.courses.viewers.leaves import leaf, number, shown
from webapp.extensions import db
from webapp.models import Course, Record

MOST_GROUPS = 5000


class Around:
    """The course's scales and groups, each looked up once when it is needed."""

    def __init__(self, course: Course) -> None:
        self._version_id = course.version_id
        self._scales: dict[int, tuple[str, list[str]]] = {}
        self._groups: dict[int, str] | None = None

    def group(self, moodle_id: int) -> str:
        """A group's name; empty for none, or one that the archive does not have."""
        if moodle_id <= 0:
            return ""
        if self._groups is None:
            self._groups = {}
            found = self._records("groups.xml", "groups/group").limit(MOST_GROUPS)
            for group_id, body in db.session.execute(found.with_only_columns(Record.moodle_id, Record.body)):
                self._groups[group_id or 0] = leaf(unpack(body), "name")
        return self._groups.get(moodle_id, "")

    def most(self, scale: int) -> str:
        """What one can get: "100 points", or a scale's name; Moodle writes scales as negative numbers."""
        if scale > 0:
            return ngettext("%(num)s point", "%(num)s points", scale)
        return self.scale(-scale)[0] or _("a scale") if scale < 0 else ""

    def mark(self, scale: int, value: str) -> str:
        """A mark in words: "88.5 of 100", or the scale's word."""
        if scale > 0:
            return _("%(got)s of %(most)s", got=shown(value), most=scale)
        place = shown(value)
        words = self.scale(-scale)[1]
        is_word = place.isascii() and place.isdigit() and 0 < int(place[:6]) <= len(words)
        return words[int(place) - 1] if is_word else place

    def ratings(self, element: etree._Element) -> str:
        """What people thought of something: "Rated 7 of 10", "Rated 6.5 of 10 by 2 people"."""
        ratings = element.findall("ratings/rating")
        values = [number(one, "value") for one in ratings]
        if not values:
            return ""
        scale = number(ratings[0], "scaleid")
        if len(values) == 1:
            return _("Rated %(mark)s", mark=self.mark(scale, str(values[0])))
        if scale > 0:
            mark = self.mark(scale, f"{sum(values) / len(values):.2f}")
        else:
            mark = ", ".join(self.mark(scale, str(one)) for one in sorted(set(values)))
        return ngettext(
            "Rated %(mark)s by %(num)s person", "Rated %(mark)s by %(num)s people", len(values), mark=mark
        )

    def scale(self, moodle_id: int) -> tuple[str, list[str]]:
        if moodle_id not in self._scales:
            record = self._record("scales.xml", "scales_definition/scale", moodle_id)
            words = [word.strip() for word in leaf(record, "scale").split(",")]
            self._scales[moodle_id] = leaf(record, "name"), [word for word in words if word]
        return self._scales[moodle_id]

    def _record(self, name: str, path: str, moodle_id: int) -> etree._Element | None:
        found = self._records(name, path).where(Record.moodle_id == moodle_id).limit(1)
        body = db.session.scalars(found).first()
        return unpack(body) if body is not None else None

    def _records(self, name: str, path: str) -> sa.Select[bytes]:
        return records_of_course(self._version_id, name, path).with_only_columns(Record.body)
