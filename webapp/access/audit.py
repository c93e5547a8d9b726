"""Writes down who did what: one verb, to be called in the transaction that does it.

Who is acting is said once for each request or job (`set_actor`), not with every deed; so what an
admin does while signed in as somebody else is noted under both, whoever writes the note.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from sqlalchemy.orm import Session

from jobs.language import lazy_gettext as _l
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

#: All that is noted, by what it is about, with the words in which a page says it.
ACTIONS: dict[str, dict[str, str]] = {
    _l("Courses"): {
        "course made": _l("Course made"),
        "course deleted": _l("Course deleted"),
        "section deleted": _l("Section deleted"),
        "activity deleted": _l("Activity deleted"),
        "file deleted": _l("File deleted"),
        "copy made": _l("Copy made"),
        "content imported": _l("Content imported"),
        "put back": _l("Put back"),
        "deleted for ever": _l("Deleted for ever"),
    },
    _l("Backups"): {
        "backup made": _l("Backup made"),
        "backup downloaded": _l("Backup downloaded"),
        "backup brought": _l("Backup brought"),
        "backup deleted": _l("Backup deleted"),
        "backup restored": _l("Backup restored"),
        "restore undone": _l("Restore undone"),
        "backup round begun": _l("Backup round begun"),
        "backup round stopped": _l("Backup round stopped"),
    },
    _l("Members of courses"): {
        "member added": _l("Member added"),
        "member role changed": _l("Member role changed"),
        "member removed": _l("Member removed"),
        "groups changed": _l("Groups changed"),
    },
    _l("People"): {
        "signed in": _l("Signed in"),
        "signed in as somebody": _l("Signed in as somebody"),
        "went back": _l("Went back"),
        "person made": _l("Person made"),
        "person changed": _l("Person changed"),
        "person removed": _l("Person removed"),
        "password link made": _l("Password link made"),
        "signed out elsewhere": _l("Signed out elsewhere"),
        "list exported": _l("List exported"),
        "category manager added": _l("Category manager added"),
        "category manager removed": _l("Category manager removed"),
    },
    _l("Site"): {
        "jobs paused": _l("Jobs paused"),
        "jobs resumed": _l("Jobs resumed"),
        "setting changed": _l("Setting changed"),
        "rights changed": _l("Rights changed"),
        "wording changed": _l("Wording changed"),
        "log exported": _l("Log exported"),
    },
}
#: The words of each.
WORDS = {action: words for group in ACTIONS.values() for action, words in group.items()}

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
#: The words for these, as a page says them.
KINDS = {
    "activity": _l("Activity"),
    "backup": _l("Backup"),
    "category": _l("Category"),
    "course": _l("Course"),
    "file": _l("File"),
    "section": _l("Section"),
    "person": _l("Person"),
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
    if action not in WORDS:
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
