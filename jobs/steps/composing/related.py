"""What is meant along with what a document refers to: the groups of a grouping, the categories of an entry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.refs import QUESTION, WITH_SUBCATEGORIES
from jobs.archive.xml import unpack
from jobs.steps.composing.listing import FileOwner
from jobs.steps.selecting.bank import Bank, read_bank
from webapp.models import CourseVersion, Document, Record

GROUPING = "groups/groupings/grouping"


@dataclass
class Related:
    """Knows the groups and the question bank of a version; reads them when they are first asked for."""

    session: Session
    version: CourseVersion

    def complete(self, ids: dict[str, set[int]], owner: FileOwner) -> None:
        """Add to the ids of each kind what a Moodle lists with them in its owner's inforef.xml."""
        for grouping in ids.get("grouping", ()):
            ids.setdefault("group", set()).update(self.groupings.get(grouping, ()))
        for category in self._categories(ids, owner):
            ids.setdefault("question_category", set()).update(self.bank.above(category))

    def _categories(self, ids: dict[str, set[int]], owner: FileOwner) -> set[int]:
        categories = set(ids.get("question_category", ()))
        categories |= {
            number for number, one in self.bank.categories.items() if ("context", one.context) == owner
        }
        for number in ids.get(WITH_SUBCATEGORIES, ()):
            categories |= self.bank.within(number)
        for kind in ("question_bank_entry", QUESTION):
            for number in ids.get(kind, ()):
                homes = self.bank.lone_questions if kind == QUESTION else self.bank.entries
                if number in homes:
                    categories.add(homes[number])
        return categories

    @cached_property
    def groupings(self) -> dict[int, set[int]]:
        """The groups in each grouping."""
        of_course = Document.name == "groups.xml"
        asked = sa.select(Record.moodle_id, Record.body).join(Document).where(of_course)
        asked = asked.where(Document.version_id == self.version.id, Record.path == GROUPING)
        found: dict[int, set[int]] = {}
        for number, body in self.session.execute(asked):
            groups = (whole_number(one.text) for one in unpack(body).iter("groupid"))
            found[number or 0] = {group for group in groups if group}
        return found

    @cached_property
    def bank(self) -> Bank:
        return read_bank(self.session, self.version)
