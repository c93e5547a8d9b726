"""Sends one message by mail: to the school's mail server, or into a folder where none is set.

A mail goes out once, unless the power goes between the server's "OK" and our note of it.
A server that is down or busy is tried again for a day; one that refuses the mail is not.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from email.utils import formataddr, parseaddr
from typing import NoReturn
from urllib.parse import urlsplit

import flask_mail
import sqlalchemy as sa
from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from jobs.engine.outcome import Outcome, TryLater
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run, Step
from webapp import places
from webapp.database import separate_write, snapshot
from webapp.extensions import mail
from webapp.models import Message, SiteLogo, get_setting, utc_now
from webapp.notices.placeholders import one_line
from webapp.pages.links import external_url

#: Seconds after each try that failed; after the last one the mail is given up.
WAITS = (30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600)

#: By what a mail names the picture that it brings along.
LOGO = "logo@coursekeep"
#: What we can write to: no quotes, lists or comments, which could make two addresses of one.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([^\s@<>,;:()\[\]\"\\]+)")


def send_mail(run: Run) -> Outcome:
    """Send the message that the job is about, if that has not been done."""
    with snapshot() as session:
        message = session.get(Message, run.target_id)
        if message is None or message.mailed_at is not None:
            return Outcome()
        recipient = message.user.email if message.user.active else ""
        letter = _letter(message, recipient, str(get_setting("site_name", session)), _logo(session))
        filename = filename_of(message)
    run.plan([Step(_("Sending the mail"), 1)])
    run.enter(1)
    if not _can_be_written_to(recipient):
        _give_up(run, _("There is no address that a mail could be sent to."))
    if current_app.config["MAIL_SERVER"]:
        _hand_over(run, letter)
    else:
        _put_down(run, letter, filename)
    with separate_write() as session:
        sent = sa.update(Message).where(Message.id == run.target_id)
        session.execute(sent.values(mailed_at=utc_now(), mail_problem=""))
    return Outcome()


def filename_of(message: Message) -> str:
    """What the mail is called in the folder: the same at each try, so that it lies there once."""
    return f"{message.created_at:%Y%m%d-%H%M%S}-{message.id}.eml"


def _logo(session: Session) -> SiteLogo | None:
    """The picture on top of every mail, where the school has one."""
    mark = get_setting("logo", session).get("mark")
    return session.get(SiteLogo, mark) if mark else None


def _letter(message: Message, recipient: str, site_name: str, logo: SiteLogo | None) -> flask_mail.Message:
    words = {
        "subject": message.subject,
        "text": message.text,
        "html": Markup(message.html),  # noqa: S704 made by webapp.notices.placeholders, all of it escaped
        "site_name": site_name,
        "account": external_url("accounts.account"),
        "logo": LOGO if logo else "",
    }
    letter = flask_mail.Message(
        subject=one_line(message.subject),
        recipients=[recipient],
        sender=_sender(site_name),
        body=render_template("mail/message.txt", **words),
        html=render_template("mail/message.html", **words),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    if logo:
        name = f"logo.{logo.type.partition('/')[2]}"
        letter.attach(name, logo.type, logo.body, "inline", headers={"Content-ID": f"<{LOGO}>"})
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    letter.msgId = f"<{message.created_at:%Y%m%d%H%M%S}.{message.id}@{host}>"
    return letter


def _sender(site_name: str) -> str:
    name, address = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])
    return formataddr((name or one_line(site_name)[:60], address))


def _can_be_written_to(address: str) -> bool:
    found = _ADDRESS.fullmatch(address)
    if not found:
        return False
    try:
        found[1].encode("idna")
    except UnicodeError:
        return False
    return True


def _hand_over(run: Run, letter: flask_mail.Message) -> None:
    try:
        with mail.connect() as connection:
            connection.send(letter)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _answer(error)[0] >= 500:
            _give_up(run, _words(error))
        _try_later(run, _words(error))
    except OSError as error:  # every other word of smtplib among them
        _try_later(run, _words(error))


def _put_down(run: Run, letter: flask_mail.Message, filename: str) -> None:
    path = places.mail_folder() / filename
    part = path.with_suffix(".part")
    try:
        part.write_bytes(letter.as_bytes())
        os.replace(part, path)
    except OSError:
        _try_later(
            run, _("The mail could not be put into the mail folder: the school’s disk can’t be written to.")
        )


def _try_later(run: Run, reason: str) -> NoReturn:
    tries = int(run.result.get("tries", 0)) + 1
    if tries > len(WAITS):
        _give_up(run, _("%(reason)s It was tried %(tries)s times over a day.", reason=reason, tries=tries))
    with separate_write() as session:
        run.hold(session, result=run.result | {"tries": tries})
    raise TryLater(reason, WAITS[tries - 1])


def _give_up(run: Run, reason: str) -> NoReturn:
    with separate_write() as session:
        run.hold(session)
        refused = sa.update(Message).where(Message.id == run.target_id)
        session.execute(refused.values(mail_problem=reason))
    raise JobProblem(reason)


def _words(error: OSError) -> str:
    if isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)):
        code, text = _answer(error)
        return _("The mail server says: %(code)s %(text)s", code=code, text=text)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _("The mail server did not answer in time.")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _("The mail server broke off in the middle.")
    if isinstance(error, smtplib.SMTPException):
        return _(
            "The mail server does not work as it is set up here: %(says)s", says=one_line(str(error))[:300]
        )
    if isinstance(error, ssl.SSLError):
        return _(
            "No safe connection to the mail server can be made: %(says)s", says=one_line(str(error))[:300]
        )
    return _("The mail server can’t be reached.")


def _answer(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> tuple[int, str]:
    said: bytes | str  # text where smtplib itself has something to say
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    else:
        code, said = error.smtp_code, error.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return code, one_line(text)[:300]
