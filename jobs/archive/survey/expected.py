"""Which documents an archive ought to have, given its manifest.

Moodle 4.5.5's own reader stops in the middle of a restore where one of these is missing. Here a document
that held the course's own content is missed as damage; one that is merely demanded, as a note.
"""

from collections.abc import Iterator, Set

from jobs.archive.manifest import ActivityEntry, Manifest
from jobs.archive.manifest.folders import unlisted_among
from jobs.archive.names import MANIFEST, directory_of, shown
from jobs.archive.survey.model import DAMAGE, MENDED, NOTE, Problem
from jobs.language import gettext as _

_ROOT = ("files", "roles", "questions", "groups", "outcomes", "scales")
# Demanded where the manifest's setting is on.
_BY_SETTING = {"filters": "filters", "comments": "comments", "calendarevents": "calendar"}
_COURSE_BY_SETTING = _BY_SETTING | {"contentbankcontent": "contentbank"}
_ACTIVITY_BY_SETTING = _BY_SETTING | {"xapistate": "xapistate"}


def missing_documents(manifest: Manifest, documents: Set[str]) -> Iterator[Problem]:
    """Yield a problem for each document that the archive ought to have."""
    for owner, level, name in _expected(manifest, documents):
        if name not in documents:
            yield Problem(
                level, _sentence(name, level, owner), entry=name, directory=directory_of(name) or None
            )


def unknown_folders(manifest: Manifest, documents: Set[str]) -> Iterator[Problem]:
    """Yield a note for each folder of which not even its documents say what it is; `manifest` names all others."""
    for directory in sorted(unlisted_among(manifest, documents)):
        sentence = _(
            "“%(directory)s” is in the file, but nothing in it says what it is: it is kept, and "
            "shown nowhere.",
            directory=directory,
        )
        yield Problem(NOTE, sentence, entry=directory, directory=directory)


def odd_entries(manifest: Manifest) -> Iterator[Problem]:
    """Yield what the list of contents says of activities that can't be so."""
    sections, met = {one.id for one in manifest.sections}, dict[int, ActivityEntry]()
    for one in manifest.activities:
        other = met.setdefault(one.moduleid, one)
        if other is not one:
            sentence = _(
                "“%(name)s” and “%(other)s” have the same number, %(number)s. Both are kept, but what refers to one of "
                "them may lead to the other.",
                name=shown(other.title),
                other=shown(one.title),
                number=one.moduleid,
            )
            yield Problem(MENDED, sentence, entry=MANIFEST, directory=one.directory)
        if manifest.kind != "activity" and one.sectionid not in sections:
            sentence = _(
                "“%(name)s” is in a section that is not in the file: it goes into the first one.",
                name=shown(one.title),
            )
            yield Problem(MENDED, sentence, entry=MANIFEST, directory=one.directory)


def _sentence(name: str, level: str, owner: str) -> str:
    if level == DAMAGE:
        return _(
            "“%(name)s” is missing from the backup: what it held of %(owner)s is lost.",
            name=name,
            owner=owner,
        )
    if name.endswith("inforef.xml"):
        return _(
            "“%(name)s” is missing from the backup. Moodle would lose files and people of %(owner)s with it.",
            name=name,
            owner=owner,
        )
    return _(
        "“%(name)s” is missing from the backup. Nothing need be lost, but Moodle itself would refuse it.",
        name=name,
    )


def _expected(manifest: Manifest, documents: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield whose each document is (in words), how much it is missed, and its name."""
    for name in _ROOT:
        yield _("the course"), DAMAGE, f"{name}.xml"
    if manifest.with_people:
        yield _("the people"), DAMAGE, "users.xml"
    if manifest.course is not None:
        yield from _course(manifest)
    for section in manifest.sections:
        owner = _("the section “%(section)s”", section=section.title)
        yield owner, DAMAGE, f"{section.directory}/section.xml"
        yield owner, NOTE, f"{section.directory}/inforef.xml"
    for activity in manifest.activities:
        owner = _("“%(name)s”", name=activity.title)
        yield from _activity(manifest, owner, activity.directory, activity.modulename)
    for block in sorted({directory_of(name) for name in documents if "/blocks/" in name}):
        yield from _block(manifest, block)


def _course(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    owner = _("the course")
    yield owner, DAMAGE, "course/course.xml"
    yield owner, DAMAGE, "course/roles.xml"
    yield owner, NOTE, "course/inforef.xml"
    for setting, name in _COURSE_BY_SETTING.items():
        if manifest.setting(setting) == "1":
            yield owner, NOTE, f"course/{name}.xml"


def _activity(manifest: Manifest, owner: str, directory: str, kind: str) -> Iterator[tuple[str, str, str]]:
    for name in (kind, "module", "roles", "grades"):
        yield owner, DAMAGE, f"{directory}/{name}.xml"
    yield owner, NOTE, f"{directory}/inforef.xml"
    for setting, name in _ACTIVITY_BY_SETTING.items():
        if manifest.setting(setting) == "1":
            yield owner, NOTE, f"{directory}/{name}.xml"


def _block(manifest: Manifest, directory: str) -> Iterator[tuple[str, str, str]]:
    yield _("a block"), DAMAGE, f"{directory}/block.xml"
    yield _("a block"), NOTE, f"{directory}/roles.xml"
    yield _("a block"), NOTE, f"{directory}/inforef.xml"
    if manifest.setting("comments") == "1":
        yield _("a block"), NOTE, f"{directory}/comments.xml"
