"""What the second archive was meant to leave out or to change: told by the two manifests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from jobs.archive.comparing.pairing import is_renumbered
from jobs.archive.comparing.unpacked import Unpacked
from jobs.archive.file_areas import holds_user_data, is_declared, shared_areas
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.persons.people import without_people
from jobs.archive.trees import Tree
from jobs.archive.xml import Record, split

FILE = "files/file"
PERSON = "users/user"
#: What a restored course has of its own: a short name that was free, and hidden until somebody opens it.
_OWN_LEAVES = frozenset({("course.xml", "course/shortname"), ("course.xml", "course/visible")})
#: What a part of a course has of its own once it is in another: the number of its section.
_OWN_OF_PART = frozenset({("section.xml", "section/number"), ("module.xml", "module/sectionnumber")})
#: What older Moodles write into a backup of a part, and no Moodle restores from one.
_OF_WHOLE_COURSE = frozenset({"gradebook.xml", "grade_history.xml", "completion.xml", "badges.xml"})


@dataclass(frozen=True)
class Terms:
    """`without_people`: only the first has people; `anonymised`: only the second calls them otherwise.

    `of_part`: they are of a section or an activity. `people` are the ids of those whom the first lists.
    """

    without_people: bool = False
    anonymised: bool = False
    renumbered: bool = False
    of_part: bool = False
    people: frozenset[str] = frozenset()

    def is_own(self, filename: str, path: str) -> bool:
        """Whether a leaf is the course's own, and so may be another."""
        return (filename, path) in _OWN_LEAVES or (self.of_part and (filename, path) in _OWN_OF_PART)

    def is_ignored(self, name: str) -> bool:
        """Whether a document tells of the whole course in a backup of a part of it."""
        return self.of_part and name in _OF_WHOLE_COURSE

    def kept(self, element: etree._Element, path: str, tree: Tree) -> etree._Element | None:
        """What of a record or a skeleton of the first is to be in the second; changes it in place."""
        if path == FILE and self._is_personal_file(element):
            return None
        return without_people(element, path, tree) if self.without_people else element

    def may_be_gone(self, element: etree._Element, path: str) -> bool:
        """Whether a file stays out with the record that it belongs to, which its area alone does not tell."""
        if not self.without_people or path != FILE:
            return False
        area = (element.findtext("component") or "", element.findtext("filearea") or "")
        return area in shared_areas() or not is_declared(*area)

    def _is_personal_file(self, element: etree._Element) -> bool:
        component, area = element.findtext("component") or "", element.findtext("filearea") or ""
        if self.without_people:
            return holds_user_data(component, area)
        return self.anonymised and component == "user"


def terms_of(before: Unpacked, after: Unpacked) -> Terms:
    ours, theirs = before.manifest, after.manifest
    people = frozenset(_people(before.documents.get("users.xml")))
    return Terms(
        without_people=bool(people) and ours.with_people and not theirs.with_people,
        anonymised=theirs.with_people and theirs.anonymised and not ours.anonymised,
        renumbered=is_renumbered(before, after),
        of_part=ours.kind != "course",
        people=people,
    )


def _people(users: Path | None) -> Iterator[str]:
    if users is None:
        return
    with users.open("rb") as stream:
        for part in split(stream, lambda path: path == PERSON, DEFAULT_LIMITS):
            if isinstance(part, Record):
                yield part.element.get("id") or ""
