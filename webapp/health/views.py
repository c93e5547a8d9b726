"""Whether all is well: the address that a watchdog asks, and the page for an admin."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs import stray
from jobs.language import gettext as _
from jobs.language.sizes import size
from webapp import places
from webapp.access.permissions import may, public
from webapp.health import bp
from webapp.health.operations import faults, notes
from webapp.health.report import GLANCE, examine


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say "ok" (200), or what is wrong (503), a line each."""
    wrong = faults()
    answer = Response(
        "\n".join(wrong or ["ok", *notes()]) + "\n", 503 if wrong else 200, mimetype="text/plain"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/health")
@may("administer")
def show_health() -> ResponseReturnValue:
    """What “coursekeep doctor” looks at, in words."""
    return render_template(
        "health/show.html", report=examine(places.instance(), seconds=GLANCE), leftovers=stray.amount()
    )


@bp.post("/health/clear")
@may("administer")
def clear_leftovers() -> ResponseReturnValue:
    """Delete the files that jobs have left behind; what a job works with stays."""
    there = stray.amount()
    stray.remove()
    flash(
        _("Cleared away: %(size)s.", size=size(there.size))
        if there.count
        else _("There was nothing to clear away.")
    )
    return redirect(url_for("health.show_health"), 303)
