"""What a survey found, and its form as JSON, which is kept with a job and printed by the command line."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from jobs.archive.survey.report import Dates, Outside, Plugins, Privacy, Unfamiliar
from jobs.archive.survey.ties import Ties

DAMAGE, MENDED, NOTE = "damage", "mended", "note"
# So many are listed; the rest is counted.
LISTED_PROBLEMS = 1000


@dataclass(frozen=True)
class Problem:
    """Something wrong ("damage": a restore loses something) or merely odd ("note") with the archive.

    `what` is a sentence. `entry` names the archive's entry; `file` is the real name of the file that is
    concerned, `directory` the folder of its activity ("activities/page_12"), `reason` why, in a few words.
    """

    level: str
    what: str
    entry: str | None = None
    file: str | None = None
    directory: str | None = None
    reason: str | None = None


@dataclass
class Problems:
    """Counts all, and keeps the first thousand."""

    listed: list[Problem] = field(default_factory=list)
    damage: int = 0
    notes: int = 0

    def add(self, problem: Problem) -> None:
        if problem.level == DAMAGE:
            self.damage += 1
        else:
            self.notes += 1
        if len(self.listed) < LISTED_PROBLEMS:
            self.listed.append(problem)


@dataclass
class ActivityFound:
    """`files` and `bytes` are what files.xml says of the activity, with its blocks."""

    id: int
    type: str
    title: str
    directory: str
    files: int = 0
    bytes: int = 0


@dataclass
class SectionFound:
    """`opener` is the id of the activity that a subsection opens from, 0 for any other section."""

    id: int
    title: str
    activities: list[ActivityFound] = field(default_factory=list)
    opener: int = 0


@dataclass
class Counts:
    """`activities` is by type. `files` counts names, `contents` what lies under them, `bytes` its size."""

    activities: dict[str, int] = field(default_factory=dict)
    sections: int = 0
    files: int = 0
    contents: int = 0
    bytes: int = 0
    people: int = 0
    questions: int = 0


@dataclass
class Origin:
    """The site and course that the archive was made from; times are seconds since 1970, 0 if unknown."""

    wwwroot: str = ""
    site_identifier_hash: str = ""
    course_id: int = 0
    course_format: str = ""
    fullname: str = ""
    shortname: str = ""
    startdate: int = 0


@dataclass
class Survey:
    """What is in an archive.

    `size` is the file's, `unpacked` what comes out of it. `kind` is "course", "section" or "activity",
    `format` "moodle2". `loose_activities` are those whose section is not in the archive. `unknown_types` are the
    activity types that don't belong to Moodle itself. `personal` counts what concerns single people, by kind
    (see `records.py`), `privacy` says it in detail (`report.py`, as of the four that follow it). `ties` says what
    needs what, and `off` names the settings of the whole backup that say no. `problems` lists the first thousand;
    `damage` and `notes` count all. `manifest` is what moodle_backup.xml ought to say, where the folders of the
    archive say otherwise (`Manifest.to_json`).
    """

    container: str
    size: int
    unpacked: int
    kind: str
    format: str
    name: str
    moodle_version: str
    moodle_release: str
    backup_version: int
    backup_release: str
    backup_date: int
    origin: Origin
    with_people: bool
    anonymised: bool
    with_files: bool
    sections: list[SectionFound] = field(default_factory=list)
    loose_activities: list[ActivityFound] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    unknown_types: list[str] = field(default_factory=list)
    personal: dict[str, int] = field(default_factory=dict)
    privacy: Privacy = field(default_factory=Privacy)
    outside: Outside = field(default_factory=Outside)
    plugins: Plugins = field(default_factory=Plugins)
    unfamiliar: Unfamiliar = field(default_factory=Unfamiliar)
    dates: Dates = field(default_factory=Dates)
    #: What needs what; None in a survey that was kept from before that was noted.
    ties: Ties | None = None
    off: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    damage: int = 0
    notes: int = 0
    manifest: dict[str, Any] | None = None

    @property
    def release(self) -> str:
        """The Moodle it was made with, in short: "4.5"."""
        return (self.moodle_release or self.backup_release).partition(" ")[0]

    @property
    def damages(self) -> list[str]:
        """What is damaged, in sentences; of the listed problems."""
        return [problem.what for problem in self.problems if problem.level == DAMAGE]

    @property
    def remarks(self) -> list[str]:
        """What is merely odd, in sentences; of the listed problems."""
        return [problem.what for problem in self.problems if problem.level != DAMAGE]

    @property
    def damaged_folders(self) -> dict[str, int]:
        """How many things are damaged in each activity, by its folder."""
        folders = (one.directory for one in self.problems if one.level == DAMAGE and one.directory)
        return dict(Counter(folders))

    @property
    def is_sound(self) -> bool:
        """Tell whether a restore would lose nothing."""
        return not self.damage

    @property
    def unlisted_problems(self) -> int:
        return self.damage + self.notes - len(self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return a plain dict with the fields' names as keys, nested alike."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Make a survey again of what `to_json` gave."""
        own = dict(data)
        own["origin"] = Origin(**own["origin"])
        own |= _report(data)
        own["counts"] = Counts(**own["counts"])
        own["problems"] = [Problem(**one) for one in own["problems"]]
        own["loose_activities"] = [ActivityFound(**one) for one in own["loose_activities"]]
        own["sections"] = [
            SectionFound(**one | {"activities": [ActivityFound(**each) for each in one["activities"]]})
            for one in own["sections"]
        ]
        return cls(**own)


def _report(data: dict[str, Any]) -> dict[str, Any]:
    """The parts that surveys kept from earlier may lack."""
    report: dict[str, Any] = {}
    if "privacy" in data:
        report["privacy"] = Privacy.from_json(data["privacy"])
        report["outside"] = Outside.from_json(data["outside"])
        report["plugins"] = Plugins(**data["plugins"])
        report["unfamiliar"] = Unfamiliar(**data["unfamiliar"])
    if "dates" in data:
        report["dates"] = Dates.from_json(data["dates"])
    if data.get("ties"):
        report["ties"] = Ties.from_json(data["ties"])
    return report
