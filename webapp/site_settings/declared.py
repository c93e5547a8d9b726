"""The settings, in the groups and the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jobs.language import ENGLISH, LANGUAGES
from webapp.site_settings.kinds import (
    Choice,
    Colours,
    Elsewhere,
    Kind,
    Line,
    Lock,
    Number,
    Picture,
    Several,
    Switch,
)
from webapp.site_settings.palette import COLOURS, DEFAULT

DAYS = ("day", "days")
MEGABYTES = ("MB", "MB")


@dataclass(frozen=True)
class Declared:
    """One setting: its name in the database and at the command line, and all that is said of it."""

    name: str
    label: str
    kind: Kind
    default: Any
    #: What it does, in a sentence or two.
    says: str
    #: Whether admins may keep everybody from choosing otherwise; a setting of its own then says whether they do.
    can_lock: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether its value is typed or chosen in a field; else it has a place of its own."""
        return not isinstance(self.kind, Elsewhere)

    @property
    def lock(self) -> Declared | None:
        """The setting that says whether this one is locked."""
        if not self.can_lock:
            return None
        if isinstance(self.kind, Several):
            says = (
                "What is locked is as said beside it for everybody, in the browser and at the command line."
            )
            return Declared(f"{self.name}_locked", f"Locked of “{self.label}”", self.kind, [], says)
        says = "It then is as said above for everybody, in the browser and at the command line."
        return Declared(f"{self.name}_locked", f"Lock “{self.label}”", Lock(), False, says)


@dataclass(frozen=True)
class Group:
    """Settings that stand on one page; `name` is its address."""

    name: str
    title: str
    settings: tuple[Declared, ...]
    #: Whether it is one of the pages under Settings; else its settings are changed elsewhere.
    has_page: bool = True

    @property
    def everything(self) -> Iterator[Declared]:
        """Its settings, each with its lock behind it."""
        for setting in self.settings:
            yield setting
            if setting.lock:
                yield setting.lock


SCHOOL = Group("school", "School", (
    Declared(
        "site_name", "Name of the school", Line(100, "A school has a name.", "A name has at most 100 letters."),
        "Our school", "Stands on top of every page, and in every message. Until you give one, pages say Coursekeep.",
    ),
    Declared(
        "language", "Language", Choice({name: (called, "") for name, called in LANGUAGES.items()}), ENGLISH,
        "Pages and messages are in it, for whoever has not chosen another one for themselves.",
    ),
    Declared(
        "colour", "Colour", Colours({name: (one.label, one.says) for name, one in COLOURS.items()}), DEFAULT,
        "Buttons, links and marks have it, by day and by night. Each is easy to read on every page.",
    ),
    Declared(
        "logo", "Logo", Picture("School"), {},
        "Stands beside the name on top of every page and of every mail.",
    ),
))  # fmt: skip

WORK = Group("work", "Background work", (
    Declared(
        "async_jobs", "Background work", Switch(
            on="Teachers start a backup or a restore and go on with other things. Best for most schools.",
            off="Teachers wait on the page until the work is done. Jobs that have begun are finished first.",
        ),
        False, "Whether the worker does backups and restores, or the page that asks for them.",
    ),
    Declared(
        "job_messages", "Messages", Switch(
            on="Whoever asked for a backup or a restore is told when it is done, or why it is not. Each person "
            "chooses between the bell and mail.",
            off="Nobody is told. How a job ended is found under Jobs.",
        ),
        True, "Whether people are told by the bell and by mail how their jobs ended.",
    ),
))  # fmt: skip

#: What may stay out of a backup by kind, as Moodle names it (jobs.steps.optional says where it lies).
CONTENT = {
    "role_assignments": ("Roles of people", "Who teaches, who takes part, and as what else."),
    "activities": ("Activities", "Without them sections go in with their texts alone."),
    "blocks": ("Blocks", "What stands beside the course and its activities."),
    "filters": ("Filters", "Which text filters are on."),
    "comments": ("Comments", "What people wrote to pages, entries and blocks."),
    "badges": ("Badges", "What can be earned, and who earned it."),
    "calendarevents": ("Calendar", "Events of the course and of its activities."),
    "userscompletion": (
        "Completion",
        "What everybody has completed. What counts as completed goes in all the same.",
    ),
    "logs": ("Logs", "Who did what and when."),
    "grade_histories": ("Grade history", "What grades were before they were changed."),
    "questionbank": ("Question bank", "Questions that no activity asks. What a quiz asks goes in with it."),
    "groups": ("Groups", "Groups and groupings, with who is in them."),
    "competencies": ("Competencies", "What is taught towards, and who has reached it."),
    "customfield": ("Additional fields", "What admins ask for of courses and groups besides."),
    "contentbankcontent": ("Content bank", "What H5P and others keep for the whole course."),
    "xapistate": ("States of H5P", "How far people have come in it."),
    "legacyfiles": ("Old course files", "Files that lay in no activity, as before Moodle 2."),
}

BACKUPS = Group("backups", "Backups and restores", (
    Declared(
        "backup_people", "People in a backup", Choice({
            "yes": ("With people", "With their grades, posts and hand-ins. The file then holds personal data."),
            "anonymous": ("Made anonymous", "The same under made-up names, without pictures and addresses."),
            "no": ("Without people", "Only the teaching material, with no name, address or number of anybody."),
        }),
        "yes", "What is chosen beforehand when somebody backs up a course, a section or an activity.", can_lock=True,
    ),
    Declared(
        "backup_files", "Files in a backup", Switch(
            on="Pages keep their pictures, and everything handed in is there.",
            off="Backups are small and name the files, but do not hold them.",
        ),
        True, "What is chosen beforehand when somebody backs up a course, a section or an activity.", can_lock=True,
    ),
    Declared(
        "backup_container", "How a backup is packed", Choice({
            "tgz": ("As Moodle packs its own", "A tar.gz with a list of what is in it."),
            "zip": ("As a zip", "Any computer opens it; Moodle takes both."),
        }),
        "tgz", "What is chosen beforehand when somebody backs up a course, a section or an activity.", can_lock=True,
    ),
    Declared(
        "backup_content", "What else goes into a backup", Several(CONTENT), list(CONTENT),
        "What is chosen beforehand besides activities, people and files. Of what is ticked, all that a course has goes "
        "along.", can_lock=True,
    ),
    Declared(
        "restore_people", "People in a restore", Choice({
            "own": ("Of our own backups", "A file from elsewhere may hold strangers; they are left out."),
            "yes": ("Bring people back", "With their grades and what they have done, whatever file it is."),
            "no": ("Leave people out", "Only the teaching material. Best for a new school year."),
        }),
        "own", "What is chosen beforehand when somebody restores a backup that holds people.", can_lock=True,
    ),
))  # fmt: skip

NO_LIMIT = "no limit"

LIMITS = Group("limits", "Limits", (
    Declared(
        "upload_limit_mb", "Largest backup file that can be uploaded", Number(1, 1_000_000, MEGABYTES), 4096,
        "A larger one is refused before it is read.",
    ),
    Declared(
        "unpacked_limit_mb", "Most that an uploaded file may hold, unpacked", Number(1, 10_000_000, MEGABYTES), 65_536,
        "A small file can unpack to a huge one. Reading stops where this is passed, and nothing of it is kept.",
    ),
    Declared(
        "person_quota_mb", "Room for the backups of one person", Number(0, 100_000_000, MEGABYTES, NO_LIMIT), 0,
        "Backups that somebody had made, and files that they brought as long as a restore needs them. Automatic "
        "backups are nobody’s. With 0 there is no limit.",
    ),
    Declared(
        "site_quota_mb", "Room for all backups together", Number(0, 100_000_000, MEGABYTES, NO_LIMIT), 0,
        "Everything in the app, automatic backups among it; not the copies in a folder. With 0 there is no limit but "
        "the disk.",
    ),
    Declared(
        "jobs_per_person", "Jobs that one person may have under way", Number(1, 10_000, ("job", "jobs")), 50,
        "Backups, restores, copies and imports that wait, run, or wait for an answer. More are refused until some "
        "are done.",
    ),
    Declared(
        "spare_mb", "Room on the disk that stays free", Number(0, 10_000_000, MEGABYTES, "none"), 50,
        "Uploads, backups and restores that would leave less are refused, so that the rest goes on working.",
    ),
))  # fmt: skip

KEEPING = Group("keeping", "What is kept", (
    Declared(
        "undo_days", "A restore can be taken back", Number(0, 365, DAYS, "not at all"), 7,
        "For so long the content that a restore replaced is kept. With 0 it is gone at once.",
    ),
    Declared(
        "bin_days", "Deleted things lie in the bin", Number(0, 365, DAYS, "not at all"), 7,
        "For so long activities, sections and courses that were deleted can be put back. With 0 they are gone at "
        "once. What lies there already keeps its time.",
    ),
    Declared(
        "job_days", "Jobs that are over stay in lists", Number(1, 3650, DAYS), 90,
        "For so long it can be read how a job went; messages go with them. What can be taken back stays in any case.",
    ),
    Declared(
        "audit_days", "The audit log is kept", Number(1, 3650, DAYS), 365,
        "Who restored, deleted or downloaded what, and who changed a setting, is known for so long, then forgotten.",
    ),
))  # fmt: skip

PEOPLE = Group("people", "People", (
    Declared(
        "course_rights", "What each role may do in a course", Elsewhere("People, Roles"), {},
        "Where it was changed: an action, and the roles that may.",
    ),
), has_page=False)  # fmt: skip

JOBS = Group("jobs", "Jobs", (
    Declared(
        "jobs_paused", "Pause of all jobs", Elsewhere("Jobs"), False,
        "While it lasts, what runs goes on to its end and nothing else begins.",
    ),
), has_page=False)  # fmt: skip

GROUPS = (SCHOOL, WORK, BACKUPS, LIMITS, KEEPING, PEOPLE, JOBS)
