"""Who has one user name and two addresses, here or in the course: that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobs.engine.dry_run.look import Look
from jobs.steps.building.accounts import plain


def questions(look: Look) -> Iterator[dict[str, Any]]:
    same_people = look.placement.same_people
    of_course = {person.id: address for person, address in look.matches.people.conflicts}
    for person in look.people:
        where, other = "course", of_course.get(person.id)
        if other is None:
            where, other = "site", look.accounts.address_of(person.username)
            if other is None or plain(person.username) in same_people or plain(other) == plain(person.email):
                continue
        yield {
            "username": person.username, "name": person.name, "address": person.email, "other_address": other,
            "where": where, "proposal": "apart",
        }  # fmt: skip
