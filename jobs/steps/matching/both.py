"""Who of the people of one course is in another one of this site too."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.steps.matching.people import match_people
from jobs.steps.matching.sides import VersionSide, origin_of_version
from webapp.models import Course, CourseVersion, Membership, Person


def people_in_both(session: Session, source: CourseVersion, target: Course) -> frozenset[int]:
    """Those of the source, by their ids there: whom the content of the target knows, or who have a role in it."""
    version = session.get_one(CourseVersion, target.version_id)
    theirs = VersionSide(session, source.id, origin_of_version(source))
    ours = VersionSide(session, version.id, origin_of_version(version))
    known = match_people(theirs, ours, frozenset(), by_account=True).known
    members = sa.select(Membership.user_id).where(Membership.course_id == target.id)
    with_role = sa.select(Person.moodle_id).where(
        Person.version_id == source.id, Person.account_id.in_(members)
    )
    return frozenset(number for kind, number in known if kind == "user") | frozenset(
        session.scalars(with_role)
    )
