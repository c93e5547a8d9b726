"""What needs something else of a course that stays out: said before a backup, restore or import does without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jobs.language import gettext as _

#: So many are named in one sentence.
MOST_NAMES = 5

#: A kind of thing, and the id of one.
Reference = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """A section or an activity, by its name."""

    name: str
    is_section: bool = False

    def __str__(self) -> str:
        name = self.name
        return _("the section “%(name)s”", name=name) if self.is_section else _("“%(name)s”", name=name)

    @property
    def subject(self) -> str:
        """Its name at the beginning of a sentence."""
        return str(self)[0].upper() + str(self)[1:]


@dataclass
class Absent:
    """What stays out, by all the ids that may point to it."""

    names: dict[Reference, str] = field(default_factory=dict)
    #: What of it has columns in the gradebook.
    graded: list[str] = field(default_factory=list)
    has_activities: bool = False


class Rest(Protocol):
    """What is left of a course of which some stays out."""

    @property
    def absent(self) -> Absent: ...

    def has(self, name: str, *tags: str) -> bool:
        """Whether a document of the course as a whole has one of these elements."""

    def restrictions(self) -> Iterator[tuple[Part, Reference]]:
        """Who opens only after what, or for whom."""

    def links(self) -> Iterator[tuple[str, Reference]]:
        """Whose texts lead to what, by the beginning of a sentence. What people wrote is not looked at."""


def sentences(rest: Rest) -> list[str]:
    """Say in a sentence each what is no longer right in a course without what is absent."""
    found = (*_whole_course(rest), *_alone(rest))
    return list(dict.fromkeys(found))


def left_alone(rest: Rest) -> list[str]:
    """The same of what restricts or links alone."""
    return list(dict.fromkeys(_alone(rest)))


def closed(rest: Rest, *, groups: bool, completion: bool) -> list[str]:
    """Whom nobody can open, or everybody, where groups or what people have completed stay out."""
    found = []
    for part, (kind, _number) in rest.restrictions() if groups or completion else ():
        if groups and kind in ("group", "grouping"):
            found.append(_("“%(name)s” opens only for some groups, and groups stay out.", name=part.name))
        if completion and kind == "course_module":
            found.append(
                _(
                    "“%(name)s” opens only once something is completed, and what people have completed stays out.",
                    name=part.name,
                )
            )
    return list(dict.fromkeys(found))


def _alone(rest: Rest) -> Iterator[str]:
    yield from _restrictions(rest)
    for subject, reference in rest.links():
        if leads_to := rest.absent.names.get(reference):
            yield _("%(subject)s links to %(leads_to)s, which stays out.", subject=subject, leads_to=leads_to)


def _restrictions(rest: Rest) -> Iterator[str]:
    """Who opens only once something has been done that stays out."""
    for part, reference in rest.restrictions():
        needed = rest.absent.names.get(reference)
        if needed and reference[0] == "course_module":
            yield _(
                "%(subject)s opens only after %(needed)s is completed, and that stays out.",
                subject=part.subject,
                needed=needed,
            )
        elif needed and reference[0] == "grade_item":
            yield _(
                "%(subject)s opens only with a grade in %(needed)s, and that stays out.",
                subject=part.subject,
                needed=needed,
            )


def _whole_course(rest: Rest) -> Iterator[str]:
    """What is written only while nothing stays out that it speaks of, if the course has it."""
    if rest.absent.graded and rest.has("gradebook.xml", "grade_category", "grade_item"):
        yield (
            _(
                "The gradebook with its categories and totals stays out: it needs the grades of "
                "%(activities)s.",
                activities=_several(rest.absent.graded),
            )
        )
    if not rest.absent.has_activities:
        return
    if rest.has("completion.xml", "course_completion_criteria"):
        yield _("The rules for completing the course stay out: they go only with all activities.")
    if rest.has("badges.xml", "criterion"):
        yield _("What people have to do for a badge stays out: it goes only with all activities.")


def _several(names: Sequence[str]) -> str:
    several = list(dict.fromkeys(names))
    more = len(several) - MOST_NAMES
    if more > 0:
        return _("%(names)s and %(more)s more", names=", ".join(several[:MOST_NAMES]), more=more)
    if len(several) == 1:
        return several[0]
    return _("%(names)s and %(last)s", names=", ".join(several[:-1]), last=several[-1])
