"""The table of what each role may do in a course, as admins change it, and what they can't change.

Nobody may come to more than they were given. A role can be taken on by whoever stands above it, so what
a role may, all above it may too; what opens everything needs what it opens; and pupils and guests take part
only, because a tick in the wrong column would show each pupil what all others have handed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.audit import actor, note
from webapp.access.directory import Refused
from webapp.access.memberships import RANKS, ROLE_WORDS
from webapp.access.rights import COURSE_RULES, Rules, forget_rules, rules_in_force
from webapp.database import write_transaction
from webapp.models import CourseRole, set_setting

#: What may be given and taken; the others' rights are fixed.
OPEN_ROLES = (CourseRole.MANAGER, CourseRole.EDITING_TEACHER, CourseRole.TEACHER)
#: What everybody in a course may, or they would not be in it.
FIXED_RIGHTS = ("see course",)

#: Each right in words, and what it comes to.
RIGHT_WORDS = {
    "see course": (_l("See the course"), _l("Its sections, activities and files, once it is shown.")),
    "see hidden": (_l("See what is hidden"), _l("Hidden sections and activities, and the course while it is hidden.")),
    "see people": (_l("See people and their work"), _l("Who is in it, what they have handed in, "
        "answered and been given.")),
    "edit course": (_l("Edit the course"), _l("Add, change, move and delete what is in it, and its settings.")),
    "back up": (_l("Back it up"), _l("Make backups, see the ones that are kept, and take them away as files.")),
    "restore": (_l("Restore into it"), _l("Add a backup to the course or put one in its place, and take that back.")),
    "set roles": (_l("Give roles"), _l("Take people in and out, and give them roles up to one’s own.")),
    "delete course": (_l("Delete the course"), _l("For everybody.")),
}  # fmt: skip
#: What the log says where no role has a right any more.
ADMINS_ONLY = _l("Admins only")
#: What a right is worth nothing without, or would be a way around.
NEEDS = {
    "edit course": ("see hidden",),
    "back up": ("see hidden", "see people"),
    "restore": ("edit course",),
    "set roles": ("see people",),
    "delete course": ("edit course",),
}


@dataclass(frozen=True)
class Cell:
    """One role's right: whether they have it, had it as the program came, and why it can't be changed."""

    action: str
    role: CourseRole
    has_it: bool
    came_with_it: bool
    locked: str = ""

    @property
    def is_changed(self) -> bool:
        return self.has_it != self.came_with_it

    @property
    def value(self) -> str:
        return f"{self.action}/{self.role}"


def table(chosen: Rules | None = None) -> dict[str, list[Cell]]:
    """All rights with a cell for each role; `chosen` is what somebody would have, else what is in force."""
    rules = chosen or rules_in_force()
    return {action: [_cell(rules, action, role) for role in CourseRole] for action in COURSE_RULES}


def rules_from(ticked: set[str]) -> Rules:
    """The rules that these ticks stand for; what is locked stays as it is."""
    return {
        action: frozenset(
            role
            for role in CourseRole
            if (role in roles if lock_of(action, role) else f"{action}/{role}" in ticked)
        )
        for action, roles in COURSE_RULES.items()
    }


def save_rules(rules: Rules) -> bool:
    """Put them into force; false if they are already. Raises Refused with what would not do, by the right."""
    if faults := dict(_faults(rules)):
        raise Refused(faults)
    changed = {action: sorted(roles) for action, roles in rules.items() if roles != COURSE_RULES[action]}
    with write_transaction() as session:
        before = rules_in_force(session)
        different = [action for action in COURSE_RULES if before[action] != rules[action]]
        if different:
            set_setting("course_rights", changed, by=actor().user_id)
        for action in different:
            names = ", ".join(ROLE_WORDS[role] for role in CourseRole if role in rules[action])
            note(session, "rights changed", title=RIGHT_WORDS[action][0], detail=names or ADMINS_ONLY)
    forget_rules()
    return bool(different)


def lock_of(action: str, role: CourseRole) -> str:
    """Why this right of this role is fixed; empty where it is not."""
    if action in FIXED_RIGHTS:
        return _("Whoever is in a course sees it.")
    if role not in OPEN_ROLES:
        return _("Pupils and guests take part, and no more.")
    return ""


def _cell(rules: Rules, action: str, role: CourseRole) -> Cell:
    return Cell(action, role, role in rules[action], role in COURSE_RULES[action], lock_of(action, role))


def _faults(rules: Rules) -> Iterator[tuple[str, str]]:
    """What would let somebody come to more than they were given, in a sentence for each right."""
    for action, roles in rules.items():
        if fault := _above(action, roles) or _around(action, rules):
            yield action, fault


def _above(action: str, roles: frozenset[CourseRole]) -> str:
    for role in roles:
        for higher in RANKS[: RANKS.index(role)]:
            if higher not in roles:
                return _(
                    "A %(role)s may, and a %(higher)s may not. Whoever stands higher can take on "
                    "the lower role, so tick it for both or for neither.",
                    role=str(ROLE_WORDS[role]).lower(),
                    higher=str(ROLE_WORDS[higher]).lower(),
                )
    return ""


def _around(action: str, rules: Rules) -> str:
    for needed in NEEDS.get(action, ()):
        for role in CourseRole:
            if role in rules[action] and role not in rules[needed]:
                return _(
                    "A %(role)s needs “%(right)s” for this. Tick that too.",
                    role=str(ROLE_WORDS[role]).lower(),
                    right=RIGHT_WORDS[needed][0],
                )
    return ""
