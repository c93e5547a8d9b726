"""Puts together what reading an archive brought to light, once all of it is known."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jobs.archive.containers.container import Archive
from jobs.archive.containers.foreign import NO_COURSE
from jobs.archive.ids.numbers import whole
from jobs.archive.manifest import ActivityEntry, DamagedManifest, Manifest
from jobs.archive.names import MANIFEST, shown, without_tags
from jobs.archive.survey.core import CORE_TYPES
from jobs.archive.survey.expected import missing_documents, odd_entries, unknown_folders
from jobs.archive.survey.files import FileRow, FilesFound
from jobs.archive.survey.model import (
    NOTE,
    ActivityFound,
    Counts,
    Origin,
    Problem,
    Problems,
    SectionFound,
    Survey,
)
from jobs.archive.survey.profiles import Profiles
from jobs.archive.survey.report import Unfamiliar
from jobs.archive.survey.reporting import outside_of, plugins_of, privacy_of
from jobs.archive.survey.watching import Watched
from jobs.language import gettext as _, number
from jobs.problems import ArchiveProblem


@dataclass
class Facts:
    """What was met on the way through an archive. `contexts` says which folder a context id belongs to."""

    files: FilesFound
    profiles: Profiles
    watched: Watched = field(default_factory=Watched)
    manifest: Manifest | None = None
    #: Why the manifest can't be used as it is; None if it can.
    damage: DamagedManifest | None = None
    #: Whether the manifest says more than that of the archive.
    is_mended: bool = False
    documents: set[str] = field(default_factory=set)
    contexts: dict[str, str] = field(default_factory=dict)
    #: The id of what each activity is made of, by its folder.
    instances: dict[str, int] = field(default_factory=dict)
    people: int = 0
    questions: int = 0
    personal: dict[str, int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


def assemble(facts: Facts, archive: Archive) -> Survey:
    manifest = facts.manifest
    if manifest is None:
        raise ArchiveProblem(NO_COURSE)
    activities = {one.directory: _activity(one) for one in manifest.activities}
    places = _Places(facts.contexts, activities)
    for row in facts.files.rows():
        places.count(row)
        places.tell(row, facts.watched)
    for problem in _problems(facts, manifest, places):
        facts.problems.add(problem)
    sections, loose = _arrange(manifest, activities)
    personal = {"people": facts.people} if facts.people else {}
    return Survey(
        container=archive.container,
        size=archive.size,
        unpacked=archive.unpacked,
        kind=manifest.kind,
        format=manifest.details["format"],
        name=manifest.name,
        moodle_version=manifest.moodle_version,
        moodle_release=manifest.moodle_release,
        backup_version=manifest.backup_version,
        backup_release=manifest.backup_release,
        backup_date=manifest.backup_date,
        origin=_origin(manifest),
        with_people=manifest.with_people,
        anonymised=manifest.anonymised,
        with_files=manifest.with_files,
        sections=sections,
        loose_activities=loose,
        counts=_counts(facts, manifest),
        unknown_types=sorted({one.modulename for one in manifest.activities} - CORE_TYPES),
        personal=personal | facts.personal,
        **_reports(facts, manifest),
        problems=facts.problems.listed,
        damage=facts.problems.damage,
        notes=facts.problems.notes,
        manifest=manifest.to_json() if facts.is_mended else None,
    )


def _reports(facts: Facts, manifest: Manifest) -> dict[str, Any]:
    """The parts of the survey about people, the world outside, plugins, what is new, dates, and what needs what."""
    watched, titles = facts.watched, {one.directory: one for one in manifest.activities}
    return {
        "privacy": privacy_of(watched, facts.profiles, facts.people, titles),
        "outside": outside_of(watched, facts.files.aliases, manifest.original_wwwroot),
        "plugins": plugins_of(watched, Counter(one.modulename for one in manifest.activities)),
        "unfamiliar": Unfamiliar(
            manifest.is_newer_than_known, watched.documents.listed(), watched.elements.listed()
        ),
        "dates": watched.dates,
        "ties": watched.ties.told(facts.contexts, facts.instances),
        "off": sorted(one.name for one in manifest.settings if one.level == "root" and one.value == "0"),
    }


class _Places:
    """Knows where a file belongs, by the context in which its row stands."""

    def __init__(self, contexts: dict[str, str], activities: dict[str, ActivityFound]) -> None:
        self._contexts = contexts
        self._activities = activities

    def __call__(self, row: FileRow) -> tuple[str, str]:
        """Return the place in words, and its folder."""
        directory = self._contexts.get(row.contextid, "").partition("/blocks/")[0]
        if directory in self._activities:
            return _("“%(name)s”", name=shown(self._activities[directory].title)), directory
        if row.component == "user":
            return _("somebody’s profile"), ""
        if row.component.startswith(("question", "qtype")):
            return _("the question bank"), ""
        return _("the course itself"), directory

    def tell(self, row: FileRow, watched: Watched) -> None:
        """Count the file among what tells of people, if it does."""
        directory = self._contexts.get(row.contextid, "")
        if row.theirs:
            watched.note(directory, "profile_files" if row.component == "user" else "files")
        if row.author:
            watched.note(directory, "file_authors")

    def count(self, row: FileRow) -> None:
        activity = self._activities.get(self(row)[1])
        if activity is not None:
            activity.files += 1
            activity.bytes += row.size


def _activity(entry: ActivityEntry) -> ActivityFound:
    return ActivityFound(entry.moduleid, entry.modulename, without_tags(entry.title), entry.directory)


def _arrange(
    manifest: Manifest, activities: dict[str, ActivityFound]
) -> tuple[list[SectionFound], list[ActivityFound]]:
    sections = {
        one.id: SectionFound(one.id, without_tags(one.title), opener=whole(one.parentcmid))
        for one in manifest.sections
    }
    loose: list[ActivityFound] = []
    for entry in manifest.activities:
        section = sections.get(entry.sectionid)
        (loose if section is None else section.activities).append(activities[entry.directory])
    return list(sections.values()), loose


def _origin(manifest: Manifest) -> Origin:
    return Origin(
        wwwroot=manifest.original_wwwroot,
        site_identifier_hash=manifest.original_site_identifier_hash,
        course_id=manifest.original_course_id,
        course_format=manifest.original_course_format,
        fullname=manifest.original_course_fullname,
        shortname=manifest.original_course_shortname,
        startdate=manifest.original_course_startdate,
    )


def _counts(facts: Facts, manifest: Manifest) -> Counts:
    return Counts(
        activities=dict(sorted(Counter(one.modulename for one in manifest.activities).items())),
        sections=len(manifest.sections),
        files=facts.files.named,
        contents=facts.files.contents,
        bytes=facts.files.content_bytes,
        people=facts.people,
        questions=facts.questions,
    )


def _problems(facts: Facts, manifest: Manifest, places: _Places) -> Iterator[Problem]:
    """Yield what shows only when the whole archive is known."""
    yield from missing_documents(manifest, facts.documents)
    yield from facts.files.problems(manifest.with_files, places)
    yield from unknown_folders(manifest, facts.documents)
    yield from odd_entries(manifest)
    if manifest.is_newer_than_known:
        sentence = _(
            "The backup comes from a newer Moodle than this site knows (%(name)s). What is new in "
            "it is kept, but may not show.",
            name=shown(manifest.moodle_release),
        )
        yield Problem(NOTE, sentence, entry=MANIFEST)
    if manifest.anonymised and facts.files.with_author:
        sentence = _(
            "The backup says that it is anonymised, but %(count)s of its files still name their author.",
            count=number(facts.files.with_author),
        )
        yield Problem(NOTE, sentence, entry="files.xml")
