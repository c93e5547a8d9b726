"""Carries out jobs in a test, as a worker would: restores an archive, backs a course up."""

from jobs import queue
from jobs.runner import run_claimed
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, Course, Job, JobKind


def keep_upload(content, owner, filename="course.mbz"):
    """Keep bytes as a file that somebody has brought."""
    archive = ArchiveFile(
        origin=ArchiveOrigin.UPLOAD, owner_id=owner.id, filename=filename, size=len(content)
    )
    db.session.add(archive)
    db.session.commit()
    places.archive_path(archive.id).write_bytes(content)
    return archive


def run(job):
    """Run a queued job here; returns it as it is afterwards."""
    job_id = job.id
    run_claimed(job_id)
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def read_archive(content, user, **named):
    """Bring a file and have it read: the first half of a restore."""
    archive = keep_upload(content, user, **named)
    job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=user, title=archive.filename)
    return run(job)


def answer(job, course=None, **options):
    """Say where a restore goes, a new course or the place of `course`, and run it."""
    given = {"target": "replace" if course else "new", "people": True} | options
    changes = {}
    if course:
        given["course_id"] = course.id
        changes = {"course_id": course.id, "scope": "course", "target_id": course.id}
    assert queue.answer(job.id, given, **changes)
    return run(job)


def restore(content, user, course=None, **options):
    """Restore an archive; returns the job and the course."""
    job = answer(read_archive(content, user), course, **options)
    course_id = job.result.get("course_id")
    return job, db.session.get(Course, course_id) if course_id else None


def merge(content, user, course, **options):
    """Add an archive to a course; returns the job."""
    return answer(read_archive(content, user), course, target="merge", **options)


def back_up(course, user, **options):
    """Back a course up; returns the job and the archive's path, None if there is none."""
    given = {"people": True, "files": True} | options
    job, _ = queue.ask_for(
        JobKind.BACKUP, "course", course.id, user=user, title=course.fullname, course=course, options=given
    )
    job = run(job)
    archive_id = job.result.get("archive_id")
    return job, places.archive_path(archive_id) if archive_id else None


def back_up_part(course, part, user, **options):
    """Back up one section or activity of a course; returns the job and the archive's path, None if there is none."""
    given = {"people": True, "files": True} | options
    scope = type(part).__name__.lower()
    job, _ = queue.ask_for(
        JobKind.BACKUP, scope, part.id, user=user, title=part.name or "", course=course, options=given
    )
    job = run(job)
    archive_id = job.result.get("archive_id")
    return job, places.archive_path(archive_id) if archive_id else None


def make_copy(course, user, *, shortname="COPY", **options):
    """Copy a course; returns the job and the copy, None if there is none."""
    given = {"fullname": f"{course.fullname} again", "shortname": shortname} | options
    job, _ = queue.ask_for(
        JobKind.COPY, "course", course.id, user=user, title=course.fullname, course=course, options=given
    )
    job = run(job)
    made = job.result.get("course_id")
    return job, db.session.get(Course, made) if made else None


def make_duplicate(course, part, user):
    """Duplicate a section or an activity of a course; returns the job."""
    scope = type(part).__name__.lower()
    job, _ = queue.ask_for(JobKind.COPY, scope, part.id, user=user, title=part.name or "", course=course)
    return run(job)


def import_into(course, source, user, only=None, **options):
    """Import all of a course into another, or `only` what is named; returns the job."""
    given = {"source_id": source.id, "course_id": course.id, "only": only} | options
    job, _ = queue.ask_for(
        JobKind.IMPORT, "course", course.id, user=user, title=source.fullname, course=course, options=given
    )
    return run(job)
