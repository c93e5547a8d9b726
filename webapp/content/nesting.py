"""Sections inside others, as the widespread course format “flexsections” has them: by the number of the one around."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from jobs.archive.ids.numbers import whole
from webapp.content.documents import Kept, set_leaf
from webapp.content.edit import Edit
from webapp.models import Document, Section

# Its lib.php names the option, an element of section.xml, and counts from the top; 0 is inside none.
_FORMAT, _OPTION = "flexsections", "parent"


def stay_inside(change: Edit, numbers: Mapping[Section, int | None]) -> None:
    """Let sections stay inside the one that they are in, before all of them get these numbers."""
    if change.version.format != _FORMAT:
        return
    found = sa.select(Document, Section).join(Section, Section.id == Document.section_id)
    mine = (Section.version_id == change.version.id) & (Document.name == "section.xml")
    for document, section in change.session.execute(found.where(mine)):
        kept = Kept(document)
        for option in kept.root.iterfind("course_format_options"):
            number = whole(option.findtext("value"))
            if (option.findtext("format"), option.findtext("name")) == (_FORMAT, _OPTION) and number:
                around = _around(section, number, numbers)
                set_leaf(option, "value", str(numbers[around] if around else 0))
                kept.keep()


def _around(section: Section, number: int, numbers: Mapping[Section, int | None]) -> Section | None:
    """The section of this number. Where one came in with another course, two have it: ids of one origin lie close."""
    same = [one for one in numbers if one.number == number and one is not section]
    return min(same, key=lambda one: abs(one.moodle_id - section.moodle_id), default=None)
