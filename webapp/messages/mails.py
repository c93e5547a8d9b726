"""Mails on their way, sent and refused, and the folder that they lie in where no server is set."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from jobs import notify, queue
from jobs.engine.mail import filename_of
from jobs.language import gettext as _
from webapp import places
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, Message, User, get_setting
from webapp.notices.placeholders import fill_subject

#: So many mails, and so many files of the folder, are listed.
MOST_LISTED = 50


@dataclass(frozen=True)
class Mail:
    """A message that was to be mailed, with the job that does it."""

    message: Message
    job: Job | None

    @property
    def state(self) -> str:
        """One of: sent, refused, retried, running, waiting."""
        if self.message.mailed_at:
            return "sent"
        if self.message.mail_problem or self.job is None or self.job.is_over:
            return "refused"
        if self.job.state == JobState.RUNNING:
            return "running"
        return "retried" if self.job.not_before else "waiting"

    @property
    def problem(self) -> str:
        return self.message.mail_problem or (self.job.problem if self.job else "")

    @property
    def file(self) -> str | None:
        """Its name in the mail folder, if it lies there."""
        name = filename_of(self.message)
        return name if (places.mail_folder() / name).exists() else None


def mail_server() -> str:
    """The mail server that is set; empty where there is none."""
    return str(current_app.config["MAIL_SERVER"])


def list_mails() -> list[Mail]:
    """The newest mails, with what became of each."""
    newest = sa.select(Message).where(Message.by_mail).options(joinedload(Message.user))
    messages = list(db.session.scalars(newest.order_by(Message.id.desc()).limit(MOST_LISTED)))
    jobs = _jobs_of(messages)
    return [Mail(message, jobs.get(message.id)) for message in messages]


def find_mail(message_id: int) -> Mail | None:
    message = db.session.get(Message, message_id)
    if message is None or not message.by_mail:
        return None
    return Mail(message, _jobs_of([message]).get(message.id))


def _jobs_of(messages: list[Message]) -> dict[int, Job]:
    found = sa.select(Job).where(
        Job.user_id.in_({message.user_id for message in messages}),  # for the index
        Job.kind == JobKind.MAIL,
        Job.scope == "message",
        Job.target_id.in_([message.id for message in messages]),
    )
    return {job.target_id: job for job in db.session.scalars(found.order_by(Job.id))}


def send_test(event: str, subject: str, body: str, values: dict[str, str], user: User) -> int:
    """Write a mail to the person alone, and have it sent; returns the message's number."""
    user_id = user.id
    with write_transaction() as session:
        message = notify.compose(event, subject, body, values)
        message.subject = fill_subject(_("Test: %(subject)s", subject=message.subject), {})
        message.user_id, message.in_bell, message.by_mail = user_id, False, True
        session.add(message)
        session.flush()
        job = notify.add_mail_job(session, message)
    queue.start(job)
    return message.id


def send_plain_test(user: User) -> int:
    """Send a mail that tests nothing but the way."""
    name = user.first_name or user.name
    values = {"site_name": str(get_setting("site_name")), "user_firstname": name, "link": ""}
    body = _("Dear {user_firstname},\n\nThis mail found its way: {site_name} can send mails.")
    return send_test("", _("{site_name} can send mails"), body, values, user)


@dataclass(frozen=True)
class Letter:
    """A mail of the folder: the name of its file, and what is in it."""

    name: str
    letter: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.letter["Subject"] or _("No subject"))

    @property
    def text(self) -> str:
        part = self.letter.get_body(("plain",))
        return str(part.get_content()) if part else ""


def list_folder() -> list[Letter]:
    """The newest mails of the folder."""
    paths = sorted(places.mail_folder().glob("*.eml"), reverse=True)[:MOST_LISTED]
    return [_read(path) for path in paths]


def read_from_folder(name: str) -> Letter | None:
    """A mail of the folder; None if no such file is there."""
    found = [path for path in places.mail_folder().glob("*.eml") if path.name == name]
    return _read(found[0]) if found else None


def _read(path: Path) -> Letter:
    return Letter(path.name, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
