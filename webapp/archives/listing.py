"""The files of an archive in words: whose each is, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from jobs.archive.index import FileFound, Index
from jobs.archive.survey import Survey
from jobs.language import gettext as _
from webapp.archives.report import activities_of, damage_by_content
from webapp.content.files import fit_name
from webapp.reading import area_word

ROWS = 100


@dataclass(frozen=True)
class Listed:
    """One file as it is shown; `problem` is empty where all is well."""

    file: FileFound
    area: str
    problem: str

    @property
    def can_be_had(self) -> bool:
        return self.file.is_here

    @property
    def plain_name(self) -> str:
        """The name as it may stand in an address."""
        return fit_name(self.file.name)

    @property
    def path(self) -> str:
        """The name with its folders, as the course had it."""
        return f"{self.file.path.strip('/')}/{self.file.name}".lstrip("/")


@dataclass(frozen=True)
class Group:
    """Files that belong to one activity, to the course, or to neither."""

    title: str
    #: The activity's folder and type, where there is one: "page_42".
    activity: str
    type: str
    files: list[Listed]


@dataclass(frozen=True)
class FilesPage:
    groups: list[Group]
    #: Counted from 1.
    number: int
    has_more: bool


def files_page(index: Index, survey: Survey, number: int) -> FilesPage:
    """One page of all the files, by what they belong to."""
    number = min(max(1, number), 1_000_000)
    found = index.files(first=(number - 1) * ROWS, most=ROWS + 1)
    activities = {one.directory: one for one in activities_of(survey)}
    groups = []
    for (part, title), some in groupby(found[:ROWS], key=lambda one: (one.part, _owner_of(one))):
        activity = activities.get(part or "")
        groups.append(
            Group(
                activity.title or activity.type if activity else title,
                activity.directory.rpartition("/")[2] if activity else "",
                activity.type if activity else "",
                listed(list(some), survey),
            )
        )
    return FilesPage(groups, number, len(found) > ROWS)


def listed(files: list[FileFound], survey: Survey) -> list[Listed]:
    damage = damage_by_content(survey)
    return [Listed(one, area_word(one.component, one.area), _problem_of(one, damage)) for one in files]


def _problem_of(found: FileFound, damage: dict[str, str]) -> str:
    if found.is_alias:
        return _("a shortcut to a file elsewhere, whose content is not in the backup")
    if not found.is_here:
        return _("not in the backup")
    return damage.get(found.sha1, "")


def _owner_of(found: FileFound) -> str:
    if found.part == "course":
        return _("The course itself")
    if found.component == "user":
        return _("People’s own files")
    if found.component.startswith(("question", "qtype")):
        return _("The question bank")
    return _("Something that the backup does not hold")
