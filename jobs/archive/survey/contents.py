"""Compares what a manifest says is in an archive with what is in it, and mends it by that."""

from collections.abc import Callable
from pathlib import Path

from jobs.archive.containers.foreign import NO_COURSE
from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import Limits
from jobs.archive.manifest.folders import Folders, is_wanted, unlisted_among
from jobs.archive.manifest.mending import add_unlisted, house, mend, unlisted
from jobs.archive.manifest.model import Manifest
from jobs.archive.names import MANIFEST, Kind, kind_of
from jobs.archive.survey.assembling import Facts
from jobs.archive.survey.model import DAMAGE, MENDED, Problem
from jobs.language import gettext as _
from jobs.problems import ArchiveProblem


def mend_manifest(facts: Facts, path: Path, limits: Limits) -> None:
    """Have the manifest in `facts` name all that is there; reads the archive again, but only where it does not.

    Raises ArchiveProblem if the manifest is damaged and nothing in the archive says what it was about.
    """
    if facts.manifest is None:
        _mend(facts, path, limits)
        return
    if unknown := unlisted_among(facts.manifest, facts.documents):
        _add_unlisted(facts, facts.manifest, _folders(path, limits, lambda name: is_wanted(name, unknown)))
    if house(facts.manifest):
        sentence = _(
            "The file lists activities, but no section that they are in: sections are made for them."
        )
        facts.problems.add(Problem(MENDED, sentence, entry=MANIFEST))
        facts.is_mended = True


def _add_unlisted(facts: Facts, manifest: Manifest, folders: Folders) -> None:
    """Have a manifest name these folders too, and tell of each."""
    for directory in unlisted(manifest, folders):
        sentence = _(
            "“%(directory)s” is in the file, but not in its list of contents: it is taken in all the same.",
            directory=directory,
        )
        facts.problems.add(Problem(MENDED, sentence, entry=directory, directory=directory))
        facts.is_mended = True
    add_unlisted(manifest, folders)


def _mend(facts: Facts, path: Path, limits: Limits) -> None:
    manifest = facts.damage.rest if facts.damage else Manifest({}, "", {})
    listed = len(manifest.sections) + len(manifest.activities)
    if not mend(manifest, _folders(path, limits, lambda _name: True)):
        raise facts.damage or ArchiveProblem(str(NO_COURSE))
    facts.manifest, facts.is_mended = manifest, True
    told = len(manifest.sections) + len(manifest.activities)
    sentence = (
        _(
            "%(damage)s What it said is put together again by the folders of the archive: %(told)s sections and "
            "activities, of which it still named %(listed)s. Their order, and where the backup comes from, may "
            "have been otherwise.",
            damage=facts.damage.sentence,
            told=told,
            listed=listed,
        )
        if facts.damage
        else _(
            "The archive has no %(manifest)s, its list of contents. It is made again of the folders that there "
            "are: %(told)s sections and activities. Their order, and where the backup comes from, may have been "
            "otherwise.",
            manifest=MANIFEST,
            told=told,
        )
    )
    facts.problems.add(Problem(DAMAGE, sentence, entry=MANIFEST))


def _folders(path: Path, limits: Limits, is_wanted: Callable[[str], bool]) -> Folders:
    folders = Folders(limits)
    with open_archive(path, limits) as archive:
        for member in archive:
            if kind_of(member.name) is Kind.DOCUMENT and is_wanted(member.name):
                folders.take(member.name, member.read)
    return folders
