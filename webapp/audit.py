"""Writes down who did what: one verb, to be called in the transaction that does it.

Who is acting is said once for each request or job (`set_actor`), not with every deed; so what an
admin does while signed in as somebody else is noted under both, whoever writes the note.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from sqlalchemy.orm import Session

from webapp.models import (
    Activity,
    ArchiveFile,
    AuditEntry,
    Category,
    Course,
    CourseFile,
    Job,
    JobKind,
    Section,
    User,
)

#: All that is noted, as it reads on the page, by what it is about.
ACTIONS: dict[str, tuple[str, ...]] = {
    "Courses": (
        "course made", "course deleted", "section deleted", "activity deleted", "file deleted",
        "copy made", "content imported", "put back", "deleted for ever",
    ),
    "Backups": (
        "backup made", "backup downloaded", "backup brought", "backup deleted", "backup restored",
        "restore undone", "backup round begun", "backup round stopped",
    ),
    "Members of courses": ("member added", "member role changed", "member removed", "groups changed"),
    "People": (
        "signed in", "signed in as somebody", "went back", "person made", "person changed",
        "person removed", "password link made", "signed out elsewhere", "list exported",
        "category manager added", "category manager removed",
    ),
    "Site": ("jobs paused", "jobs resumed", "setting changed", "rights changed", "wording changed", "log exported"),
}  # fmt: skip
_KNOWN = frozenset(action for group in ACTIONS.values() for action in group)

#: What a job of a kind has done once it is done.
DONE_BY_JOB = {
    JobKind.BACKUP: "backup made",
    JobKind.RESTORE: "backup restored",
    JobKind.COPY: "copy made",
    JobKind.IMPORT: "content imported",
}

Thing = Activity | ArchiveFile | Category | Course | CourseFile | Section | User
#: By which word a thing goes in the log, and which of its attributes is its title. People leave no name there.
_THINGS: dict[type, tuple[str, str]] = {
    Activity: ("activity", "title"),
    ArchiveFile: ("backup", "filename"),
    Category: ("category", "name"),
    Course: ("course", "fullname"),
    CourseFile: ("file", "filename"),
    Section: ("section", "title"),
    User: ("person", ""),
}


@dataclass(frozen=True)
class Actor:
    """Who is at work: a person, and the admin who is signed in as them; nobody for the program itself."""

    user_id: int | None = None
    behind_id: int | None = None


def set_actor(user_id: int | None, behind_id: int | None = None) -> None:
    """Say who is acting from here to the end of the request or job."""
    g.actor = Actor(user_id, behind_id)


def actor() -> Actor:
    """Who is acting; nobody where no one was named."""
    found: Actor = g.get("actor", Actor())
    return found


def note(
    session: Session,
    action: str,
    about: Thing | None = None,
    *,
    course: Course | None = None,
    title: str = "",
    detail: str = "",
) -> None:
    """Write one deed into the log; the caller commits it together with the deed.

    `about` is what it was done to, and must have its number; `title` replaces the one it has. No names or
    addresses of people in `title` and `detail`. Raises KeyError for an action that is none of ACTIONS.
    """
    if action not in _KNOWN:
        raise KeyError(action)
    kind, attribute = _THINGS[type(about)] if about is not None else ("", "")
    own_title = str(getattr(about, attribute) or "") if attribute else ""
    course = about if isinstance(about, Course) else course
    session.add(
        AuditEntry(
            user_id=actor().user_id, behind_id=actor().behind_id, action=action, kind=kind,
            thing_id=about.id if about is not None else None, title=(title or own_title)[:300],
            detail=detail[:300], course_id=course.id if course else None,
            course_title=course.fullname if course else "",
        )
    )  # fmt: skip


def note_job(session: Session, job: Job) -> None:
    """Write down what a job has done, once it is done; nothing for a kind that is not noted."""
    if action := DONE_BY_JOB.get(job.kind):
        course = session.get(Course, job.about_id) if job.about_id else None
        note(session, action, course, title=job.title, detail="" if job.scope == "course" else job.scope)
