"""One section or one activity of a course, as something to back up, and what its backups are called in lists."""

from __future__ import annotations

from typing import Any

from jobs.language import gettext as _
from jobs.queue import ask_for
from webapp.backups import bp
from webapp.content.choices import part_name
from webapp.models import Activity, ArchiveFile, Course, Job, JobKind, Section, User


def ask_for_part(
    course: Course, part: Section | Activity, options: dict[str, Any], user: User
) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    scope = "section" if isinstance(part, Section) else "activity"
    title = part_name(part)
    return ask_for(JobKind.BACKUP, scope, part.id, user=user, title=title, course=course, options=options)


@bp.app_template_filter()
def archive_part(archive: ArchiveFile) -> str:
    """What a backup holds if it is not the whole course: "Section “Week one” only"."""
    listed = archive.survey.get("sections") or []
    if archive.scope == "section":
        return _only(archive.scope, listed[0]["title"] if listed else "")
    loose = archive.survey.get("loose_activities") or []
    return _only(archive.scope, loose[0]["title"] if loose else "")


@bp.app_template_filter()
def job_part(job: Job) -> str:
    """What a backup that is asked for will hold if it is not the whole course."""
    return _only(job.scope, job.title)


def _only(scope: str, name: str) -> str:
    if scope not in ("section", "activity"):
        return ""
    if not name:
        return _("One section only") if scope == "section" else _("One activity only")
    return _("Section “%(name)s” only", name=name) if scope == "section" else _("“%(name)s” only", name=name)
