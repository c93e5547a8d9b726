"""What a survey says of people, of the world outside, and of what Moodle itself does not have.

The fields' names are the keys of its JSON (docs/cli.md).
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

#: So many different names are listed; what comes after them is counted together.
LISTED_NAMES = 1000
#: So many of them stand in the JSON, the most frequent first.
SHOWN_NAMES = 100
#: So many dates are named, in all and of one document; the rest is counted.
LISTED_DATES, LISTED_DATES_EACH = 1000, 10
#: What stands where a Moodle knows of no address, and where it made people anonymous.
NO_ADDRESSES = ("0.0.0.0", "127.0.0.1")  # noqa: S104 - nothing listens here


@dataclass
class PlacePrivacy:
    """What of people is in one place: an activity, "course", a section, or "" for what lies at the root."""

    directory: str
    type: str = ""
    title: str = ""
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass
class Privacy:
    """`kinds` counts records and what else tells of people, `places` says where.

    `profile` counts the people for whom a field of the profile is filled in, `custom` the same for the site's
    own fields. `names` is there only if it was asked for.
    """

    people: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    places: list[PlacePrivacy] = field(default_factory=list)
    profile: dict[str, int] = field(default_factory=dict)
    custom: dict[str, int] = field(default_factory=dict)
    names: list[str] | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data | {"places": [PlacePrivacy(**one) for one in data["places"]]})


@dataclass
class Tool:
    """An external tool (LTI): where it stands, its name, and the host that it sends people to."""

    directory: str
    name: str
    host: str


@dataclass
class Outside:
    """What leads out of the course.

    `origin_links` counts links to the site it comes from, `hosts` those to others, `frames` what of others is
    shown within pages; `more` are those of hosts beyond the listed ones. `aliases` counts files that lie
    elsewhere, by the kind of repository.
    """

    origin_links: int = 0
    hosts: dict[str, int] = field(default_factory=dict)
    frames: dict[str, int] = field(default_factory=dict)
    more: int = 0
    tools: list[Tool] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data | {"tools": [Tool(**one) for one in data["tools"]]})


@dataclass
class Plugins:
    """What does not belong to Moodle itself, each with how often it is there."""

    activities: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)
    question_types: dict[str, int] = field(default_factory=dict)
    enrolments: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)


@dataclass
class Unfamiliar:
    """What we have not met before: `newer_moodle`, documents by name, elements by document and path."""

    newer_moodle: bool = False
    documents: dict[str, int] = field(default_factory=dict)
    elements: dict[str, int] = field(default_factory=dict)


@dataclass
class DateFound:
    """A date that moves with the start of the course: where it stands, what is then, and when (seconds since 1970).

    `name` is that of the event or the badge, "" elsewhere.
    """

    document: str
    what: str
    at: int
    name: str = ""


@dataclass
class Dates:
    """How many dates each document holds that move with the start of the course; `people` counts those of single
    people, such as an extension for one. `first` are some of the others.
    """

    content: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    first: list[DateFound] = field(default_factory=list)

    def add(self, found: DateFound, *, is_somebodys: bool) -> None:
        counts = self.people if is_somebodys else self.content
        counts[found.document] = number = counts.get(found.document, 0) + 1
        is_told = found.what and not is_somebodys and number <= LISTED_DATES_EACH
        if is_told and len(self.first) < LISTED_DATES:
            self.first.append(found)

    def forget(self, document: str) -> None:
        """Take out what a document held that turned out to be damaged."""
        self.content.pop(document, None)
        self.people.pop(document, None)
        self.first = [one for one in self.first if one.document != document]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data["content"], data["people"], [DateFound(**one) for one in data["first"]])


class Tally:
    """Counts by name, within bounds: an archive from anywhere may hold any number of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.more = 0

    def add(self, name: str, number: int = 1) -> None:
        if name in self._counts or len(self._counts) < LISTED_NAMES:
            self._counts[name] += number
        else:
            self.more += number

    def take(self, name: str) -> int:
        """Return how often this one was met, and forget it."""
        return self._counts.pop(name, 0)

    def listed(self) -> dict[str, int]:
        """The most frequent first."""
        return dict(self._counts.most_common(SHOWN_NAMES))

    @property
    def unlisted(self) -> int:
        return self.more + self._counts.total() - sum(self.listed().values())
