"""What sections are called."""

from __future__ import annotations

from webapp.models import Section


def heading_of(section: Section) -> str:
    """What a section is called on a page; one without a name by its place."""
    if section.name:
        return section.name
    return "General" if section.number == 0 else f"Section {section.number}" if section.number else "Section"
