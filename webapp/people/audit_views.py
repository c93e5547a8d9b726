"""The audit log: who did what, to be looked through and taken away."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.audit import ACTIONS, KINDS, WORDS
from webapp.access.permissions import may
from webapp.people import bp
from webapp.people.audit_log import COLUMNS, Wanted, all_deeds, find_deeds, note_export
from webapp.spreadsheets import send_table


@bp.get("/people/log")
@may("administer")
def audit_log() -> ResponseReturnValue:
    wanted = Wanted.from_query(request.args)
    listed, deeds = find_deeds(wanted, request.args.get("page", 1, int))
    return render_template(
        "people/log.html",
        wanted=wanted,
        listed=listed,
        deeds=deeds,
        actions=ACTIONS,
        words=WORDS,
        kinds=KINDS,
    )


@bp.get("/people/log.csv")
@may("administer")
def export_log() -> ResponseReturnValue:
    """Send what the page shows for the same query, all of it. Taking it away is noted."""
    note_export("log exported")
    return send_table("audit-log.csv", COLUMNS, all_deeds(Wanted.from_query(request.args)))
