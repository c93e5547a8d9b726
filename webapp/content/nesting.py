"""Sections inside others, as the widespread course format “flexsections” has them: by the number of the one around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from lxml import etree

from jobs.archive.ids.numbers import whole
from webapp.content.documents import Kept, set_leaf
from webapp.content.edit import Edit
from webapp.models import Document, Section

# Its lib.php names the option, an element of section.xml, and counts from the top; 0 is inside none.
_FORMAT, _OPTION = "flexsections", "parent"


@dataclass(frozen=True)
class _Nested:
    """A section that may be inside another one: the number of that one, 0 for none, and where it is said."""

    section: Section
    number: int
    option: etree._Element
    document: Kept

    def put_into(self, number: int | None) -> None:
        set_leaf(self.option, "value", str(number or 0))
        self.document.keep()


def stay_inside(change: Edit, numbers: Mapping[Section, int | None]) -> None:
    """Let sections stay inside the one that they are in, before all of them get these numbers."""
    for one in _nested(change):
        if one.number:
            around = _around(one, list(numbers))
            one.put_into(numbers[around] if around else 0)


def nest_of(change: Edit, section: Section) -> dict[str, Any]:
    """What `nest_again` has to know of a section that is about to go: the one around it, and those inside, by ids."""
    nested = list(_nested(change))
    if not nested:
        return {}
    there = list(change.session.scalars(sa.select(Section).where(Section.version_id == change.version.id)))
    around = {one.section.moodle_id: _around(one, there) for one in nested if one.number}
    own = around.get(section.moodle_id)
    inside = [number for number, outer in around.items() if outer is section]
    return {"around": own.moodle_id if own else None, "inside": inside}


def nest_again(change: Edit, section: Section, nest: Mapping[str, Any]) -> None:
    """Put a section that has come back into the one that it was in, and those into it that nobody has put elsewhere."""
    mine = sa.select(Section.number).where(
        Section.version_id == change.version.id, Section.moodle_id == nest.get("around")
    )
    for one in _nested(change):
        if one.section is section:
            one.put_into(change.session.scalars(mine).first())
        elif one.section.moodle_id in nest.get("inside", ()) and not one.number:
            one.put_into(section.number)


def _nested(change: Edit) -> Iterator[_Nested]:
    if change.version.format != _FORMAT:
        return
    found = sa.select(Document, Section).join(Section, Section.id == Document.section_id)
    mine = (Section.version_id == change.version.id) & (Document.name == "section.xml")
    for document, section in change.session.execute(found.where(mine)).all():
        kept = Kept(document)
        for option in kept.root.iterfind("course_format_options"):
            if (option.findtext("format"), option.findtext("name")) == (_FORMAT, _OPTION):
                yield _Nested(section, whole(option.findtext("value")), option, kept)


def _around(nested: _Nested, sections: list[Section]) -> Section | None:
    """The section around. Where one came in with another course, two have its number: ids of one origin lie close."""
    own = nested.section
    same = [one for one in sections if one.number == nested.number and one is not own]
    return min(same, key=lambda one: abs(one.moodle_id - own.moodle_id), default=None)
