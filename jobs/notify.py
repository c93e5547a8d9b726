"""Tells the person who asked for a job how it ended: by the bell, by mail, or both.

All of it is written in the transaction that ends the job, so a result without its
message, or a message about what did not happen, can't be. The mail itself is a job of
its own: a mail server that is down changes no result.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import current_language, gettext as _, speaking
from jobs.language.sizes import size
from webapp.models import (
    ArchiveFile,
    Course,
    Job,
    JobKind,
    JobState,
    Message,
    MessageTemplate,
    SiteRole,
    User,
    get_setting,
    utc_now,
)
from webapp.notices.events import EVENTS
from webapp.notices.message_choices import ways_for
from webapp.notices.placeholders import fill_html, fill_subject, fill_text
from webapp.pages import formatters
from webapp.pages.languages import language_of
from webapp.pages.links import external_url

_ENDINGS = {JobState.DONE: "done", JobState.WARNED: "warned", JobState.FAILED: "failed"}

#: A message names so many warnings; the rest is on the job's page.
MOST_WARNINGS = 20


def event_of(job: Job) -> str | None:
    """Which message the job's end calls for; None if it calls for none."""
    ending = _ENDINGS.get(job.state)
    if job.state == JobState.CANCELLED and job.problem:
        ending = "failed"  # what it was about was deleted: whoever asked for it has to know
    event = f"{job.kind}_{ending}"
    if job.kind == JobKind.COPY and job.scope != "course" and job.state == JobState.DONE:
        return None  # it stands beside its original: nobody has to be told
    return event if event in EVENTS else None


def last_job_of(session: Session, event: str) -> Job | None:
    """The newest job that ended with this event, whoever asked for it."""
    of_event = [
        (Job.kind == kind) & (Job.state == state)
        for kind in JobKind
        for state, ending in _ENDINGS.items()
        if f"{kind}_{ending}" == event
    ]
    return session.scalars(sa.select(Job).where(*of_event).order_by(Job.id.desc()).limit(1)).first()


def tell(session: Session, job: Job) -> list[Job]:
    """Write the message about a job that is over, within the transaction that ends it.

    Returns the mail jobs that it leads to; the caller nudges them once it has committed.
    """
    event, user = event_of(job), job.user
    if event is None or not user.active or not get_setting("job_messages", session):
        return []
    with speaking(language_of(user, session)):
        return _deliver(session, event, user, values_of(session, job, user), job.id)


def tell_admins(session: Session, event: str, values: dict[str, str], endpoint: str, **named: int) -> None:
    """Tell every admin what nobody asked for and they have to know; the link leads to `endpoint`.

    A mail goes out with the next sweep of a worker.
    """
    admins = sa.select(User).where(User.role == SiteRole.ADMIN, User.active).order_by(User.id)
    for admin in session.scalars(admins).all():
        with speaking(language_of(admin, session)):
            everybody = {"link": external_url(endpoint, **named), "finished_at": _in_words(utc_now())}
            _deliver(session, event, admin, values | everybody | values_of_person(session, admin))


def _deliver(
    session: Session, event: str, user: User, values: dict[str, str], job_id: int | None = None
) -> list[Job]:
    """Write the message, by the ways that the person has chosen; returns the mail job, if there is one."""
    ways = ways_for(session, user, event)
    if not ways:
        return []
    subject, body = words_for(session, event, current_language())
    message = compose(event, subject, body, values)
    message.user_id, message.job_id = user.id, job_id
    message.in_bell, message.by_mail = ways.in_app, ways.by_mail
    session.add(message)
    session.flush()
    return [add_mail_job(session, message)] if ways.by_mail else []


def words_for(session: Session, event: str, language: str) -> tuple[str, str]:
    """The subject and body in use in a language: the newest version, or ours."""
    versions = sa.select(MessageTemplate).where(
        MessageTemplate.event == event, MessageTemplate.language == language
    )
    newest = session.scalars(versions.order_by(MessageTemplate.id.desc()).limit(1)).first()
    if newest:
        return newest.subject, newest.body
    with speaking(language):
        return str(EVENTS[event].subject), str(EVENTS[event].body)


def compose(event: str, subject: str, body: str, values: dict[str, str]) -> Message:
    """Fill in the words; whom it goes to and by which way is for the caller to say."""
    return Message(
        event=event, subject=fill_subject(subject, values), text=fill_text(body, values),
        html=str(fill_html(body, values)), link=values["link"],
    )  # fmt: skip


def add_mail_job(session: Session, message: Message) -> Job:
    """Write down that the message is to be mailed. The message must have its number."""
    job = Job(kind=JobKind.MAIL, scope="message", target_id=message.id, user_id=message.user_id,
              title=message.subject[:300])  # fmt: skip
    session.add(job)
    session.flush()
    return job


def values_of(session: Session, job: Job, user: User) -> dict[str, str]:
    """What the placeholders stand for in a message about this job to this person."""
    course, archive = _course_of(session, job), _archive_of(session, job)
    began, ended = job.started_at or job.created_at, job.finished_at or utc_now()
    is_restore = job.kind == JobKind.RESTORE
    return values_of_person(session, user) | {
        "operation": job.kind.word.lower(),
        "backupid": str(job.id),
        "link": _link(job, course),
        "course_fullname": _thing(job, course),
        "course_shortname": course.shortname if course else str(job.options.get("shortname") or ""),
        "activity_name": job.title if job.scope == "activity" else "",
        "file_name": archive.download_name if archive else job.title if is_restore else "",
        "file_size": _size(job, archive),
        "duration": formatters.duration((ended - began).total_seconds()),
        "problem": job.problem,
        "warnings": _lines(job.warnings),
        "finished_at": _in_words(ended),
    }


def _size(job: Job, archive: ArchiveFile | None) -> str:
    """Of the backup in words, also where it has been deleted since."""
    made = archive.size if archive else job.result.get("size")
    return "" if made is None else size(made)


def values_of_person(session: Session, user: User) -> dict[str, str]:
    """What the placeholders stand for in every message to this person."""
    return {
        "user_username": user.username,
        "user_email": user.email,
        "user_firstname": user.first_name or user.name,
        "user_lastname": user.last_name,
        "site_name": str(get_setting("site_name", session)),
    }


def _in_words(at: datetime) -> str:
    return f"{formatters.day(at.astimezone())}, {formatters.clock(at)}"


def _thing(job: Job, course: Course | None) -> str:
    """The course’s name; where only a part of it was backed up, that says so."""
    if course is None:
        return str(job.options.get("fullname") or job.title)
    if job.kind in (JobKind.BACKUP, JobKind.COPY) and job.scope in ("section", "activity"):
        return _("“%(title)s” in %(fullname)s", title=job.title, fullname=course.fullname)
    return course.fullname


def _course_of(session: Session, job: Job) -> Course | None:
    return session.get(Course, job.about_id) if job.about_id else None


def _archive_of(session: Session, job: Job) -> ArchiveFile | None:
    archive_id = job.result.get("archive_id") or (job.target_id if job.scope == "archive" else None)
    return session.get(ArchiveFile, archive_id) if archive_id else None


def _link(job: Job, course: Course | None) -> str:
    if course is None or job.state in (JobState.FAILED, JobState.CANCELLED):
        return external_url("progress.show_job", job_id=job.id)
    page = "backups.list_backups" if job.kind == JobKind.BACKUP else "courses.show_course"
    return external_url(page, course_id=course.id)


def _lines(warnings: list[str]) -> str:
    more = len(warnings) - MOST_WARNINGS
    return "\n".join(
        [
            *warnings[:MOST_WARNINGS],
            *([_("And %(more)s more, on the job’s page.", more=more)] if more > 0 else []),
        ]
    )
