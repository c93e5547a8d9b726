"""Says that something is deleted, with the way back."""

from __future__ import annotations

from flask import flash, url_for

from jobs.language import gettext as _
from webapp.models import Course


def tell_deleted(name: str, course: Course | None, entry_id: int | None) -> None:
    """Tell on the next page; `entry_id` is its number in the bin of the course, or (None) in that of the site.

    What is not kept can't be undone.
    """
    says = _("“%(name)s” is deleted.", name=name)
    if entry_id is None:
        flash(says)
    elif course is None:
        flash({"says": says, "address": url_for("bin.put_course", entry_id=entry_id)}, "undo")  # type: ignore[arg-type]
    else:
        address = url_for("bin.put_part_back", course_id=course.id, entry_id=entry_id)
        flash({"says": says, "address": address}, "undo")  # type: ignore[arg-type]
