"""What the rules keep and what they let go, before it happens; and what has gone bad."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.permissions import may
from webapp.automated import bp, operations
from webapp.automated.forms import KeepingFields
from webapp.automated.keeping import dry_run
from webapp.models import the_schedule


@bp.get("/settings/automatic/keeping")
@may("administer")
def show_keeping() -> ResponseReturnValue:
    """Say what would go by the rules as they are, or by others that are tried. Nothing is deleted."""
    form = KeepingFields(request.args or None, obj=the_schedule())
    is_right = form.validate() if request.args else True
    page = render_template(
        "automated/keeping.html",
        form=form,
        outlook=dry_run(form.data) if is_right else None,
        is_tried=bool(request.args),
        without_a_course=operations.without_a_course(),
    )
    return page if is_right else (page, 422)


@bp.get("/settings/automatic/damaged")
@may("administer")
def show_damaged() -> ResponseReturnValue:
    """The stored backups that are no longer what was written."""
    return render_template("automated/damaged.html", damaged=operations.damaged_backups())
