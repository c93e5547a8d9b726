"""What a manifest holds, in the order in which it came."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from jobs.archive.names import shown
from jobs.archive.scanning import BrokenDocument
from jobs.language import gettext as _

# Moodle 5.x. A newer archive is read all the same: the format has only ever grown.
NEWEST_KNOWN_VERSION = 2026_12_31_99


@dataclass
class SectionEntry:
    """A section in the archive. A leaf that the archive's Moodle did not know is None."""

    id: int
    title: str
    directory: str
    parentcmid: str | None = None
    modname: str | None = None
    others: dict[str, str] = field(default_factory=dict)


@dataclass
class ActivityEntry:
    """An activity in the archive. A leaf that the archive's Moodle did not know is None."""

    moduleid: int
    sectionid: int
    modulename: str
    title: str
    directory: str
    insubsection: str | None = None
    others: dict[str, str] = field(default_factory=dict)


@dataclass
class CourseEntry:
    id: int
    title: str
    directory: str = "course"


@dataclass
class Setting:
    """One choice made for the backup. `section` or `activity` say ("page_12") whose it is."""

    level: str
    name: str
    value: str
    section: str | None = None
    activity: str | None = None


@dataclass
class Manifest:
    information: dict[str, str]
    backup_id: str
    details: dict[str, str]
    activities: list[ActivityEntry] = field(default_factory=list)
    sections: list[SectionEntry] = field(default_factory=list)
    course: CourseEntry | None = None
    settings: list[Setting] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return a plain dict with the fields' names as keys, nested alike."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make a manifest again of what `to_json` gave."""
        return cls(
            information=data["information"],
            backup_id=data["backup_id"],
            details=data["details"],
            activities=[ActivityEntry(**one) for one in data["activities"]],
            sections=[SectionEntry(**one) for one in data["sections"]],
            course=CourseEntry(**data["course"]) if data["course"] else None,
            settings=[Setting(**one) for one in data["settings"]],
        )

    @property
    def kind(self) -> str:
        """What was backed up: "course", "section" or "activity"."""
        return self.details.get("type", "")

    def setting(self, name: str) -> str | None:
        """Return a setting of the whole backup; None where its Moodle had no such setting."""
        return next((one.value for one in self.settings if one.level == "root" and one.name == name), None)

    @property
    def with_people(self) -> bool:
        return self.setting("users") == "1"

    @property
    def anonymised(self) -> bool:
        return self.setting("anonymize") == "1"

    @property
    def with_files(self) -> bool:
        return self.information.get("include_files") != "0"

    @property
    def name(self) -> str:
        return self.information.get("name", "")

    @property
    def moodle_version(self) -> str:
        return self.information.get("moodle_version", "")

    @property
    def moodle_release(self) -> str:
        return self.information.get("moodle_release", "")

    @property
    def backup_release(self) -> str:
        return self.information.get("backup_release", "")

    @property
    def backup_version(self) -> int:
        return whole_number(self.information, "backup_version")

    @property
    def backup_date(self) -> int:
        return whole_number(self.information, "backup_date", 0)

    @property
    def original_wwwroot(self) -> str:
        return self.information.get("original_wwwroot", "")

    @property
    def original_site_identifier_hash(self) -> str:
        return self.information.get("original_site_identifier_hash", "")

    @property
    def original_course_id(self) -> int:
        return whole_number(self.information, "original_course_id", 0)

    @property
    def original_course_format(self) -> str:
        return self.information.get("original_course_format", "")

    @property
    def original_course_fullname(self) -> str:
        return self.information.get("original_course_fullname", "")

    @property
    def original_course_shortname(self) -> str:
        return self.information.get("original_course_shortname", "")

    @property
    def original_course_startdate(self) -> int:
        return whole_number(self.information, "original_course_startdate", 0)

    @property
    def original_course_enddate(self) -> int:
        return whole_number(self.information, "original_course_enddate", 0)

    @property
    def is_newer_than_known(self) -> bool:
        return self.backup_version > NEWEST_KNOWN_VERSION


def whole_number(leaves: Mapping[str, str], name: str, otherwise: int | None = None) -> int:
    """Read a leaf that holds a number; what stands there instead is refused unless `otherwise` is given."""
    text = leaves.get(name, "")
    if text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    if otherwise is not None:
        return otherwise
    raise BrokenDocument(
        _("“%(text)s” stands where the number “%(name)s” should be", text=shown(text), name=name)
    )
