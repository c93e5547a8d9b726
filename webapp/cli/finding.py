"""Finds what somebody names on the command line."""

from __future__ import annotations

import sqlalchemy as sa

from jobs.archive.ids.numbers import is_whole
from webapp.access.directory import find_account
from webapp.cli.command import Problem
from webapp.content import lookups
from webapp.content.catalogue import is_shortname_taken
from webapp.extensions import db
from webapp.models import Activity, Course, Job, Section, User


def find_course(named: str) -> Course:
    """The course with this short name, or else this number. Raises Problem."""
    course = db.session.scalars(sa.select(Course).where(Course.shortname == named)).one_or_none()
    if course is None and is_whole(named):
        course = db.session.get(Course, int(named))
    if course is None:
        raise Problem(f"There is no course “{named}”. “coursekeep courses” lists what there is.")
    return course


def check_shortname_is_free(shortname: str) -> None:
    """Raise Problem where a course has the short name."""
    if is_shortname_taken(shortname):
        raise Problem(f"There is a course “{shortname}” already. Choose another short name.")


def find_section(course: Course, number: int) -> Section:
    """The section of the course with this number. Raises Problem."""
    sections = [one for one in lookups.sections_of(course.version_id) if one.number == number]
    if not sections:
        raise Problem(f"There is no section {number} in “{course.shortname}”.")
    if opener := sections[0].parent_cmid:
        raise Problem(f"Section {number} is a subsection. Take the activity that it is: --activity {opener}")
    return sections[0]


def find_activity(course: Course, number: int) -> Activity:
    """The activity of the course with this id. Raises Problem."""
    activity = lookups.activity_with_moodle_id(course, number)
    if activity is None:
        raise Problem(f"There is no activity {number} in “{course.shortname}”.")
    return activity


def find_user(named: str) -> User:
    """The account with this user name or mail address. Raises Problem."""
    user = find_account(named)
    if user is None:
        raise Problem(f"There is no account “{named}”.")
    return user


def find_job(number: int) -> Job:
    """The job with this number. Raises Problem."""
    job = db.session.get(Job, number)
    if job is None:
        raise Problem(f"There is no job {number}. “coursekeep jobs” lists what there is.")
    return job
