"""Which of the people who come in are in the course already.

Moodle 4.5 backup/util/dbops/restore_dbops.class.php stops where a user name has two addresses. Here both stay,
unless somebody says that they are one person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.steps.building.accounts import plain
from jobs.steps.matching.sides import Participant, Side

#: The address that Moodle gives to people without their names; two sites give the same.
ANONYMOUS = "@doesntexist.invalid"


@dataclass
class PeopleMatch:
    """Kind and id of what comes in -> the same in the course; and what can't be told."""

    known: dict[tuple[str, int], int] = field(default_factory=dict)
    incoming: int = 0
    reused: int = 0
    #: Who comes in, and the address that the same user name has in the course.
    conflicts: list[tuple[Participant, str]] = field(default_factory=list)
    #: Person -> the user name that they get, because theirs is taken.
    usernames: dict[int, str] = field(default_factory=dict)


def match_people(
    incoming: Side, target: Side, same_people: frozenset[str], *, by_account: bool = False
) -> PeopleMatch:
    """Compare the people of both sides; `same_people` are user names that mean one person all the same.

    `by_account` says that both are courses of this site, so that an account tells who is who.
    """
    found = PeopleMatch()
    there, accounts = {}, {}
    for person in target.people():
        there[plain(person.username)] = person
        if by_account and person.account is not None:
            accounts[person.account] = person
    taken = set(there)
    same_site = bool(incoming.origin.site) and incoming.origin.site == target.origin.site
    for person in incoming.people():
        found.incoming += 1
        same = accounts.get(person.account or 0)
        other = same or there.get(plain(person.username))
        if other is None:
            continue
        if same or plain(person.username) in same_people or _is_same(person, other, same_site=same_site):
            found.reused += 1
            found.known["user", person.id] = other.id
            if person.context_id and other.context_id:
                found.known["context", person.context_id] = other.context_id
        else:
            found.conflicts.append((person, other.email))
            found.usernames[person.id] = _free(person.username, taken)
    return found


def _is_same(one: Participant, other: Participant, *, same_site: bool) -> bool:
    if same_site and one.id == other.id:
        return True
    if plain(one.email).endswith(ANONYMOUS) and not same_site:
        return False
    return bool(one.email) and plain(one.email) == plain(other.email)


def _free(username: str, taken: set[str]) -> str:
    number = 2
    while f"{plain(username)}_{number}" in taken:
        number += 1
    taken.add(f"{plain(username)}_{number}")
    return f"{username}_{number}"
