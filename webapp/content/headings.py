"""What sections are called."""

from __future__ import annotations

from jobs.archive.names import without_tags
from jobs.language import gettext as _
from webapp.models import Section


def heading_of(section: Section) -> str:
    """What a section is called on a page; one without a name by its place."""
    if section.name:
        return without_tags(section.name)
    if section.number == 0:
        return _("General")
    return _("Section %(number)s", number=section.number) if section.number else _("Section")
