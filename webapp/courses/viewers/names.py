"""The people that a page names, looked up together."""

from __future__ import annotations

import sqlalchemy as sa

from jobs.language import lazy_gettext as _l
from webapp.extensions import db
from webapp.models import Course, Person

#: How many a database is asked for at once.
MOST = 5000
STRANGER = _l("somebody who is not in this course")


class Names:
    """Collects who is named while a page is put together, and asks for all of them at once."""

    def __init__(self, course: Course) -> None:
        self._version_id = course.version_id
        self._wanted: set[int] = set()
        self._known: dict[int, str] = {}

    def of(self, moodle_id: int) -> Name:
        self._wanted.add(moodle_id)
        return Name(self, moodle_id)

    def name(self, moodle_id: int) -> str:
        missing = sorted(self._wanted - self._known.keys())
        for start in range(0, len(missing), MOST):
            some = missing[start : start + MOST]
            found = sa.select(Person).where(Person.version_id == self._version_id, Person.moodle_id.in_(some))
            names = {person.moodle_id: person.name for person in db.session.scalars(found)}
            self._known |= {one: names.get(one, str(STRANGER)) for one in some}
        return self._known[moodle_id]


class Name:
    """A person's name, as a template writes it."""

    def __init__(self, names: Names, moodle_id: int) -> None:
        self._names = names
        self.moodle_id = moodle_id

    def __str__(self) -> str:
        return self._names.name(self.moodle_id)
