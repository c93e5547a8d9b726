"""The people of users.xml: participants of the course, tied to accounts of this site where they match.

No account is made here, and nobody gets a right: a backup from elsewhere can't decide who
may sign in to this school (docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.containers.streams import Readable
from jobs.archive.ids.numbers import whole_number
from jobs.archive.trees import tree_for
from jobs.archive.xml import Skeleton, pack
from jobs.steps.batch import DocumentDraft
from jobs.steps.building.accounts import accounts_of
from jobs.steps.building.documents import Intake
from webapp.content import columns
from webapp.database import snapshot
from webapp.models import Course, CourseRole, Membership, Person


def take_in_people(intake: Intake, stream: Readable, same_people: frozenset[str] = frozenset()) -> int:
    """Write the people of users.xml; returns how many there are.

    `same_people` are user names that mean the account of that name, whatever its address.
    """
    tree = tree_for("", "users.xml")
    draft = DocumentDraft(owner={}, name="users.xml", position=0)
    with snapshot() as session:
        accounts = accounts_of(session, same_people)
    count = 0
    for position, part in enumerate(intake.parts("users.xml", stream, tree)):
        if isinstance(part, Skeleton):
            draft.skeleton = pack(part.element)
            intake.batch.document(draft)
            continue
        person: dict[str, Any] = dict.fromkeys(column.attribute for column in columns.PERSON)
        person |= columns.take_columns(part.element, columns.PERSON)
        account = accounts.of(person["username"], person["email"])
        moodle_id = whole_number(part.element.get("id")) or 0
        person |= {"moodle_id": moodle_id, "position": position, "account_id": account}
        intake.batch.row(Person, person | {"body": pack(part.element)})
        intake.batch.run.checkpoint()
        count += 1
    return count


def enrol_known(session: Session, course: Course, version_id: int, enrolled: Iterable[int]) -> int:
    """Make students of those enrolled people who have an account; returns how many.

    Never more than student, whatever the archive says, and nobody who has a role already.
    """
    there = set(session.scalars(sa.select(Membership.user_id).where(Membership.course_id == course.id)))
    known = sa.select(Person.account_id, Person.moodle_id).where(
        Person.version_id == version_id, Person.account_id.is_not(None)
    )
    wanted = set(enrolled)
    new = {account for account, moodle_id in session.execute(known) if moodle_id in wanted} - there
    session.add_all(
        Membership(course_id=course.id, user_id=user_id, role=CourseRole.STUDENT) for user_id in new
    )
    return len(new)
