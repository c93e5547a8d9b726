"""Of what somebody wants to be told, and by which ways."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, themselves
from webapp.accounts import bp
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.notices.message_choices import Ways, choices_of, choose, events_for, is_always_shown


@bp.get("/account/messages")
@themselves
def message_choices() -> ResponseReturnValue:
    events = events_for(current_user)
    return render_template(
        "accounts/messages.html",
        groups={group: [name for name in events if events[name].group == group]
                for group in dict.fromkeys(event.group for event in events.values())},
        events=events,
        chosen=choices_of(db.session(), current_user),
        is_always_shown=is_always_shown,
    )  # fmt: skip


@bp.post("/account/messages")
@themselves
def keep_message_choices() -> ResponseReturnValue:
    ticked = set(request.form.getlist("told"))
    chosen = {
        name: Ways(in_app=f"{name}-app" in ticked, by_mail=f"{name}-mail" in ticked)
        for name in events_for(current_user)
    }
    user = current_user
    with write_transaction() as session:
        choose(session, user, chosen)
    flash(_("Saved. It counts for what ends from now on."))
    return redirect(url_for("accounts.message_choices"), 303)
