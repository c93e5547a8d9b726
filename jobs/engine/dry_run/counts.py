"""How many things come, go, are there already or come new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from jobs.archive.ids.numbers import whole_number
from jobs.engine.dry_run.look import Look
from jobs.steps.building.documents import ENROLMENT
from jobs.steps.matching.course_parts import ENROLMENTS
from jobs.steps.matching.questions import QUESTIONS
from webapp.models import Activity, CourseFile, Membership, Person, Section

_GROUPS = ("groups.xml", "groups/group")


def added(look: Look) -> dict[str, int]:
    counts, kinds = look.found["counts"], look.found.get("privacy", {}).get("kinds", {})
    # What somebody handed in stays out with them.
    personal = 0 if look.side.with_people else kinds.get("files", 0) + kinds.get("profile_files", 0)
    banks = len(look.folding.banks) if look.folding else 0
    return {
        "sections": _own_sections(look), "activities": len(look.manifest.activities) - banks,
        "files": counts["files"] - personal, "bytes": counts["bytes"],
        "people": len(look.people) - look.matches.people.reused,
        "members": len(_new_members(look)),
        "questions": look.matches.incoming["question"] - look.matches.reused["question"],
    }  # fmt: skip


def replaced(look: Look) -> dict[str, int]:
    if look.target != "replace" or look.ours is None:
        return {}
    tables = {"sections": Section, "activities": Activity, "files": CourseFile, "people": Person}
    rows = {name: _count(look, table) for name, table in tables.items()}
    document, path = _GROUPS
    return rows | {
        "groups": sum(one.path == path for one in look.ours.records(document)),
        "questions": sum(1 for _ in look.ours.records(QUESTIONS)),
    }


def matched(look: Look) -> dict[str, int]:
    accounts = sum(look.accounts.of(one.username, one.email) is not None for one in look.people)
    reused = look.matches.people.reused
    return {"accounts": accounts, "people": reused, **dict(look.matches.reused)}


def created(look: Look) -> dict[str, int]:
    new = {kind: count - look.matches.reused[kind] for kind, count in look.matches.incoming.items()}
    return {kind: count for kind, count in new.items() if count}


def _own_sections(look: Look) -> int:
    """Sections that the course gets; one that is made of a part has a section on top, where a lone activity goes."""
    own = sum(spot.id not in look.goals.goes_to for spot in look.spots)
    return own + (look.target == "new" and look.manifest.kind == "section")


def _count(look: Look, table: type[Any]) -> int:
    version_id = look.course.version_id if look.course else None
    found = sa.select(sa.func.count()).where(table.version_id == version_id)
    if table is CourseFile:
        found = found.where(CourseFile.filename != ".")
    return int(look.session.scalars(found).one())


def _new_members(look: Look) -> set[int]:
    """The accounts that become students of the course."""
    accounts = _accounts_of_people(look)
    enrolled = {accounts[number] for number in _enrolled(look) if number in accounts}
    return enrolled - _members(look)


def _accounts_of_people(look: Look) -> dict[int, int]:
    """Who has an account: for somebody who is in the course already, the one that they have there."""
    known, ours = look.matches.known, look.course.version_id if look.course else None
    tied = sa.select(Person.moodle_id, Person.account_id).where(Person.version_id == ours)
    there = {row.moodle_id: row.account_id for row in look.session.execute(tied)}
    found = {}
    for one in look.people:
        same = known.get(("user", one.id)) if look.is_joined else None
        account = look.accounts.of(one.username, one.email) if same is None else there.get(same)
        if account is not None:
            found[one.id] = account
    return found


def _enrolled(look: Look) -> Iterator[int]:
    for part in look.side.records(ENROLMENTS):
        number = whole_number(part.element.findtext("userid"))
        if part.path == ENROLMENT and number:
            yield number


def _members(look: Look) -> set[int]:
    """Who has a role in the course; of a new one, whoever restores it."""
    if look.course is None:
        return {look.placement.user_id}
    found = sa.select(Membership.user_id).where(Membership.course_id == look.course.id)
    return set(look.session.scalars(found))
