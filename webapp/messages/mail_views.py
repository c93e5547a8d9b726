"""Where an admin sees what became of the mails."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.messages import bp, mails
from webapp.messages.mail_config import mail_config
from webapp.notices.events import EVENTS


@bp.get("/settings/mail")
@may("administer")
def list_mails() -> ResponseReturnValue:
    return render_template(
        "messages/mails.html",
        mails=mails.list_mails(),
        server=mails.mail_server(),
        lines=mail_config(),
        folder=mails.list_folder(),
    )


@bp.post("/settings/mail/test")
@may("administer")
def test_mail() -> ResponseReturnValue:
    """Send a mail to the admin who asks, to see whether it arrives."""
    message_id = mails.send_plain_test(current_user)
    return redirect(url_for("messages.show_mail", message_id=message_id), 303)


@bp.get("/settings/mail/<int:message_id>")
@may("administer")
def show_mail(message_id: int) -> ResponseReturnValue:
    return render_template("messages/mail.html", mail=_find(message_id), events=EVENTS)


@bp.get("/settings/mail/<int:message_id>/state")
@may("administer")
def mail_state(message_id: int) -> ResponseReturnValue:
    """The fragment that says what became of a mail; asked for again until that is settled."""
    return render_template("messages/_mail_state.html", mail=_find(message_id))


@bp.get("/settings/mail/folder/<name>")
@may("administer")
def read_mail(name: str) -> ResponseReturnValue:
    return render_template("messages/letter.html", mail=mails.read_from_folder(name) or abort(404))


def _find(message_id: int) -> mails.Mail:
    return mails.find_mail(message_id) or abort(404)
