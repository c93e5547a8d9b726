"""Courses with enough in them for work on them to be met in the middle, and the jobs on them."""

import os
import zipfile

import sqlalchemy as sa

from jobs import queue
from tests.archives import StoredFile, pack_zip, small_course
from tests.running import keep_upload, restore
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState

MB = 1_000_000


def course_of(megabytes, *, files=12):
    """The members of an archive with so many random bytes in so many files."""
    stored = [
        StoredFile(700 + number, f"film {number}.bin", os.urandom(megabytes * MB // files), 72, "mod_page")
        for number in range(files)
    ]
    return small_course(files=stored)


def talkative_course(megabytes=8):
    """The members of one whose documents hold as much, in a single post."""
    members = small_course()
    name = "activities/forum_41/forum.xml"
    return members | {name: members[name].replace(b"a pencil", b"a pencil " * (megabytes * MB // 9))}


def packed(members):
    return pack_zip(members, compression=zipfile.ZIP_STORED)


def make_full_course(teacher, megabytes=24, **more):
    """Restore such a course, here and now; returns it."""
    _, course = restore(packed(course_of(megabytes, **more)), teacher)
    return course


def ask_for_backup(course, teacher):
    """Write a backup down, which no worker has been told of yet."""
    job, _ = queue.ask_for(JobKind.BACKUP, "course", course.id, user=teacher, title=course.fullname,
                           course=course, options={"people": True, "files": True})  # fmt: skip
    return job


def ask_for_restore(members, teacher):
    """Write a restore into a new course down, whose file has been read."""
    archive = keep_upload(packed(members), teacher)
    job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=teacher, title="tides.mbz")
    return job


def now(job_id):
    """The job as it is now."""
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def in_the_middle(job_id, attempt=1):
    """Whether the work on it goes on, and part of it has been done."""
    job = now(job_id)
    return (
        job.state == JobState.RUNNING and job.attempts == attempt and job.done_bytes * 5 > job.total_bytes > 0
    )


def count(table, *where):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*where))
