"""In which Moodle's way a course that was made here is written: of the oldest that knows all that is in it.

Every Moodle reads what an older one has written, and warns of what a newer one has (docs/adr/0014).
"""

from __future__ import annotations

from dataclasses import dataclass

from jobs.archive.questions.banks import BANK, FIRST_WITH_BANKS
from jobs.steps.selecting.parts import Selection


@dataclass(frozen=True)
class Moodle:
    """A Moodle as its backups name it, and the root settings that they don't have yet."""

    version: str
    release: str
    unknown_settings: frozenset[str] = frozenset()

    @property
    def information(self) -> dict[str, str]:
        return {
            "moodle_version": self.version, "moodle_release": f"{self.release} (Build: {self.version[:8]})",
            "backup_version": self.version, "backup_release": self.release,
        }  # fmt: skip


OLDEST = Moodle("2022112800", "4.1", frozenset({"xapistate"}))
WITH_SUBSECTIONS = Moodle("2024100700", "4.5")
WITH_BANKS = Moodle(str(FIRST_WITH_BANKS), "5.0")


def dialect_for(selection: Selection) -> Moodle:
    """The dialect for what was selected of a course made here.

    It is 4.5 with subsections, and once something was added that came from elsewhere; 5.0 with question banks.
    """
    if any(activity.type == BANK for activity in selection.activities):
        return WITH_BANKS
    from_elsewhere = bool(selection.version.manifest.get("merged"))
    has_subsections = any(section.parent_cmid for section in selection.sections)
    has_subsections |= any(activity.type == "subsection" for activity in selection.activities)
    return WITH_SUBSECTIONS if from_elsewhere or has_subsections else OLDEST
