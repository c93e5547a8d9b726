"""Reads moodle_backup.xml, and refuses one that can't be trusted to say what is in the archive."""

import re
from collections.abc import Mapping
from dataclasses import replace

from jobs.archive.containers.streams import Readable
from jobs.archive.limits import DEFAULT_LIMITS, MIB, Limits
from jobs.archive.manifest.model import (
    ActivityEntry,
    CourseEntry,
    Manifest,
    SectionEntry,
    Setting,
    whole_number,
)
from jobs.archive.names import MANIFEST, is_directory, shown
from jobs.archive.scanning import BrokenDocument, IllFormedDocument, Read, RowHandler, Rows, scan
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem

# Moodle 4.5 backup/util/checks/restore_check.class.php refuses what is older.
OLDEST_VERSION = 2010_07_23_00
# A hundred thousand activities.
_LARGEST = 128 * MIB
# Moodle 4.5 backup/util/helper/convert_helper.class.php looks at so much, and for these.
_PROLOG_LENGTH = 200
_ROOTS = (b"<moodle_backup>", b"<information>")
# And for this in so many words. What other tools write says the same to any reader of XML.
_PROLOG = re.compile(
    rb"""<\?xml\s+version=["']1\.0["'](\s+encoding=["']utf-8["'])?(\s+standalone=["'](yes|no)["'])?\s*\?>"""
)

_ROOT = "moodle_backup/information"
_NOT_MOODLE_S = _l(
    "The moodle_backup.xml in this archive is not one that Moodle writes, so what is in it can’t be told."
)
_EMPTY = {
    "course": _l("This is the backup of one course, but its %(name)s lists none."),
    "section": _l("This is the backup of one section, but its %(name)s lists none."),
    "activity": _l("This is the backup of one activity, but its %(name)s lists none."),
}


class DamagedManifest(ArchiveProblem):
    """A manifest is damaged; `rest` holds what could be read of it, unchecked, `sentence` what is wrong with it."""

    def __init__(self, sentence: str, rest: Manifest, advice: str = "") -> None:
        super().__init__(f"{sentence} {advice}".strip(), entry=MANIFEST)
        self.sentence, self.rest = sentence, rest


def read_manifest(stream: Readable, limits: Limits = DEFAULT_LIMITS) -> Manifest:
    """Read a manifest, or raise ArchiveProblem saying why it can't be used: DamagedManifest if parts of it can."""
    head = _head(stream.read)
    is_moodle_s = _is_moodle_s(head[:_PROLOG_LENGTH].lower())
    manifest = Manifest({}, "", {})
    reading = _Reading(manifest)
    bounds = replace(limits, xml_bytes=min(limits.xml_bytes, _LARGEST))
    rows = Rows(bounds, reading.handlers)
    fault: BrokenDocument | None = None
    try:
        scan(_after(head, stream.read), rows, to_the_end=True)
    except IllFormedDocument as problem:
        fault = problem
        rows.hand_over_rest()
    except BrokenDocument as problem:
        is_known = is_moodle_s or problem.limit
        sentence = f"{_damaged(problem)} {_advice()}" if is_known else str(_NOT_MOODLE_S)
        raise ArchiveProblem(sentence, entry=MANIFEST, limit=problem.limit) from problem
    if not is_moodle_s:
        raise DamagedManifest(str(_NOT_MOODLE_S), manifest)
    if fault := fault or reading.fault:
        raise DamagedManifest(_damaged(fault), manifest, _advice()) from fault
    _check(manifest)
    return manifest


def _is_moodle_s(head: bytes) -> bool:
    is_told_well = b"<?xml" not in head or _PROLOG.search(head) is not None
    return is_told_well and all(root in head for root in _ROOTS)


def _damaged(problem: BrokenDocument) -> str:
    return _("The %(manifest)s in this archive is damaged: %(problem)s.", manifest=MANIFEST, problem=problem)


def _advice() -> str:
    return _("Copy or download the file again.")


def _head(read: Read) -> bytes:
    head = b""
    while len(head) < _PROLOG_LENGTH and (more := read(_PROLOG_LENGTH - len(head))):
        head += more
    return head


def _after(head: bytes, read: Read) -> Read:
    waiting = [head]
    return lambda length: waiting.pop() if waiting else read(length)


class _Reading:
    """Puts what the document says where it belongs in the manifest."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        #: The first entry that does not say what it is about; such are left out.
        self.fault: BrokenDocument | None = None
        self.handlers = {
            _ROOT: self._information,
            f"{_ROOT}/details/detail": self._detail,
            f"{_ROOT}/contents/activities/activity": self._unless_broken(self._activity),
            f"{_ROOT}/contents/sections/section": self._unless_broken(self._section),
            f"{_ROOT}/contents/course": self._unless_broken(self._course),
            f"{_ROOT}/settings/setting": self._setting,
        }

    def _unless_broken(self, handler: RowHandler) -> RowHandler:
        def handle(attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
            try:
                handler(attributes, leaves)
            except BrokenDocument as problem:
                self.fault = self.fault or problem

        return handle

    def _information(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        # An empty list has no elements in it, and looks like a leaf.
        lists = ("details", "contents", "settings")
        self._manifest.information = {name: text for name, text in leaves.items() if name not in lists}

    def _detail(self, attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        self._manifest.backup_id = attributes.get("backup_id", "")
        self._manifest.details = leaves

    def _activity(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        entry = ActivityEntry(
            moduleid=_take_number(leaves, "moduleid"),
            sectionid=_take_number(leaves, "sectionid"),
            modulename=leaves.pop("modulename", ""),
            title=leaves.pop("title", ""),
            directory=leaves.pop("directory", ""),
            insubsection=leaves.pop("insubsection", None),
            others=leaves,
        )
        entry.directory = entry.directory or f"activities/{entry.modulename}_{entry.moduleid}"
        self._manifest.activities.append(entry)

    def _section(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        entry = SectionEntry(
            id=_take_number(leaves, "sectionid"),
            title=leaves.pop("title", ""),
            directory=leaves.pop("directory", ""),
            parentcmid=leaves.pop("parentcmid", None),
            modname=leaves.pop("modname", None),
            others=leaves,
        )
        entry.directory = entry.directory or f"sections/section_{entry.id}"
        self._manifest.sections.append(entry)

    def _course(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        self._manifest.course = CourseEntry(
            whole_number(leaves, "courseid"), leaves.get("title", ""), leaves.get("directory") or "course"
        )

    def _setting(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        setting = Setting(
            leaves.get("level", ""),
            leaves.get("name", ""),
            leaves.get("value", ""),
            leaves.get("section"),
            leaves.get("activity"),
        )
        self._manifest.settings.append(setting)


def _take_number(leaves: dict[str, str], name: str) -> int:
    number = whole_number(leaves, name)
    del leaves[name]
    return number


def _check(manifest: Manifest) -> None:
    kind, form = manifest.kind, manifest.details.get("format", "")
    if form != "moodle2":
        sentence = _(
            "This backup is in a format called “%(name)s”. This site reads “moodle2”, which Moodle "
            "2.3 and newer write.",
            name=shown(form),
        )
        raise _refusal(sentence, manifest, is_lost=not form)
    listed = {"course": manifest.course, "section": manifest.sections, "activity": manifest.activities}
    if kind not in listed:
        sentence = _(
            "This is the backup of a “%(name)s”. This site restores courses, sections and activities.",
            name=shown(kind),
        )
        raise _refusal(sentence, manifest, is_lost=not kind)
    if not listed[kind]:
        sentence = _(_EMPTY[kind], name=MANIFEST)
        raise _refusal(sentence, manifest, is_lost=True)
    version = whole_number(manifest.information, "backup_version", 0)
    if version < OLDEST_VERSION:
        sentence = _(
            "This backup comes from a Moodle that is too old. This site reads those of Moodle 2.3 and newer."
        )
        raise _refusal(sentence, manifest, is_lost=not version)
    _check_directories(manifest)


def _refusal(sentence: str, manifest: Manifest, *, is_lost: bool) -> ArchiveProblem:
    """What to raise for something that is wrong, or, if it `is_lost`, is merely missing."""
    return DamagedManifest(sentence, manifest) if is_lost else ArchiveProblem(sentence, entry=MANIFEST)


def _check_directories(manifest: Manifest) -> None:
    """Check that each folder is the one that Moodle would give, which also means that none comes twice."""
    expected = [(one.directory, f"activities/{one.modulename}_{one.moduleid}") for one in manifest.activities]
    expected += [(one.directory, f"sections/section_{one.id}") for one in manifest.sections]
    if manifest.course is not None:
        expected.append((manifest.course.directory, "course"))
    known: set[str] = set()
    for directory, right in expected:
        if directory != right or not is_directory(directory):
            raise ArchiveProblem(
                _(
                    "The %(manifest)s in this archive names a folder that Moodle would not, “%(name)s”.",
                    manifest=MANIFEST,
                    name=shown(directory),
                ),
                entry=MANIFEST,
            )
        if directory in known:
            sentence = _(
                "The %(manifest)s in this archive lists “%(name)s” twice.",
                manifest=MANIFEST,
                name=shown(directory),
            )
            raise DamagedManifest(sentence, manifest)
        known.add(directory)
