"""The settings, in the groups and the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jobs.language import ENGLISH, LANGUAGES, lazy_gettext as _l
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

DAYS = (_l("day"), _l("days"))
MEGABYTES = (_l("MB"), _l("MB"))


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
            says = _l(
                "What is locked is as said beside it for everybody, in the browser and at the command line."
            )
            return Declared(
                f"{self.name}_locked", _l("Locked of “%(label)s”", label=self.label), self.kind, [], says
            )
        says = _l("It then is as said above for everybody, in the browser and at the command line.")
        return Declared(f"{self.name}_locked", _l("Lock “%(label)s”", label=self.label), Lock(), False, says)


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


SCHOOL = Group("school", _l("School"), (
    Declared(
        "site_name", _l("Name of the school"),
        Line(100, _l("A school has a name."), _l("A name has at most 100 letters.")), _l("Our school"),
        _l("Stands on top of every page, and in every message. Until you give one, pages say Coursekeep."),
    ),
    Declared(
        "language", _l("Language"), Choice({name: (called, "") for name, called in LANGUAGES.items()}), ENGLISH,
        _l("Pages and messages are in it, for whoever has not chosen another one for themselves."),
    ),
    Declared(
        "colour", _l("Colour"), Colours({name: (one.label, one.says) for name, one in COLOURS.items()}), DEFAULT,
        _l("Buttons, links and marks have it, by day and by night. Each is easy to read on every page."),
    ),
    Declared(
        "logo", _l("Logo"), Picture(_l("School")), {},
        _l("Stands beside the name on top of every page and of every mail."),
    ),
))  # fmt: skip

WORK = Group("work", _l("Background"), (
    Declared(
        "async_jobs", _l("Background work"), Switch(
            on=_l("Teachers start a backup or a restore and go on with other things. Best for most schools."),
            off=_l("Teachers wait on the page until the work is done. Jobs that have begun are finished first."),
        ),
        False, _l("Whether the worker does backups and restores, or the page that asks for them."),
    ),
    Declared(
        "job_messages", _l("Messages"), Switch(
            on=_l("Whoever asked for a backup or a restore is told when it is done, or why it is not. Each person "
                  "chooses between the bell and mail."),
            off=_l("Nobody is told. How a job ended is found under Jobs."),
        ),
        True, _l("Whether people are told by the bell and by mail how their jobs ended."),
    ),
))  # fmt: skip

#: What may stay out of a backup by kind, as Moodle names it (jobs.steps.selecting.optional says where it lies).
CONTENT = {
    "role_assignments": (_l("Roles of people"), _l("Who teaches, who takes part, and as what else.")),
    "activities": (_l("Activities"), _l("Without them sections go in with their texts alone.")),
    "blocks": (_l("Blocks"), _l("What stands beside the course and its activities.")),
    "filters": (_l("Filters"), _l("Which text filters are on.")),
    "comments": (_l("Comments"), _l("What people wrote to pages, entries and blocks.")),
    "badges": (_l("Badges"), _l("What can be earned, and who earned it.")),
    "calendarevents": (_l("Calendar"), _l("Events of the course and of its activities.")),
    "userscompletion": (
        _l("Completion"),
        _l("What everybody has completed. What counts as completed goes in all the same."),
    ),
    "logs": (_l("Logs"), _l("Who did what and when.")),
    "grade_histories": (_l("Grade history"), _l("What grades were before they were changed.")),
    "questionbank": (
        _l("Question bank"),
        _l("Questions that no activity asks. What a quiz asks goes in with it."),
    ),
    "groups": (_l("Groups"), _l("Groups and groupings, with who is in them.")),
    "competencies": (_l("Competencies"), _l("What is taught towards, and who has reached it.")),
    "customfield": (_l("Additional fields"), _l("What admins ask for of courses and groups besides.")),
    "contentbankcontent": (_l("Content bank"), _l("What H5P and others keep for the whole course.")),
    "xapistate": (_l("States of H5P"), _l("How far people have come in it.")),
    "legacyfiles": (_l("Old course files"), _l("Files that lay in no activity, as before Moodle 2.")),
}

BEFOREHAND = _l("What is chosen beforehand when somebody backs up a course, a section or an activity.")

BACKUPS = Group("backups", _l("Backups and restores"), (
    Declared(
        "backup_people", _l("People in a backup"), Choice({
            "yes": (_l("With people"), _l("With their grades, posts and hand-ins. The file then holds personal data.")),
            "anonymous": (_l("Made anonymous"), _l("The same under made-up names, without pictures and addresses.")),
            "no": (_l("Without people"), _l("Only the teaching material, with no name, address or number of anybody.")),
        }),
        "yes", BEFOREHAND, can_lock=True,
    ),
    Declared(
        "backup_files", _l("Files in a backup"), Switch(
            on=_l("Pages keep their pictures, and everything handed in is there."),
            off=_l("Backups are small and name the files, but do not hold them."),
        ),
        True, BEFOREHAND, can_lock=True,
    ),
    Declared(
        "backup_container", _l("How a backup is packed"), Choice({
            "tgz": (_l("As Moodle packs its own"), _l("A tar.gz with a list of what is in it.")),
            "zip": (_l("As a zip"), _l("Any computer opens it; Moodle takes both.")),
        }),
        "tgz", BEFOREHAND, can_lock=True,
    ),
    Declared(
        "backup_content", _l("What else goes into a backup"), Several(CONTENT), list(CONTENT),
        _l("What is chosen beforehand besides activities, people and files. Of what is ticked, all that a course has "
           "goes along."), can_lock=True,
    ),
    Declared(
        "restore_people", _l("People in a restore"), Choice({
            "own": (_l("Of our own backups"), _l("A file from elsewhere may hold strangers; they are left out.")),
            "yes": (_l("Bring people back"), _l("With their grades and what they have done, whatever file it is.")),
            "no": (_l("Leave people out"), _l("Only the teaching material. Best for a new school year.")),
        }),
        "own", _l("What is chosen beforehand when somebody restores a backup that holds people."), can_lock=True,
    ),
    Declared(
        "restore_content", _l("What else a restore brings"), Several(CONTENT), list(CONTENT),
        _l("What is chosen beforehand besides activities and people. Of what is ticked, all that a file has comes "
           "along."), can_lock=True,
    ),
))  # fmt: skip

NO_LIMIT = _l("no limit")

LIMITS = Group("limits", _l("Limits"), (
    Declared(
        "upload_limit_mb", _l("Largest backup file that can be uploaded"), Number(1, 1_000_000, MEGABYTES), 4096,
        _l("A larger one is refused before it is read."),
    ),
    Declared(
        "unpacked_limit_mb", _l("Most that an uploaded file may hold, unpacked"),
        Number(1, 10_000_000, MEGABYTES), 65_536,
        _l("A small file can unpack to a huge one. Reading stops where this is passed, and nothing of it is kept."),
    ),
    Declared(
        "person_quota_mb", _l("Room for the backups of one person"), Number(0, 100_000_000, MEGABYTES, NO_LIMIT), 0,
        _l("Backups that somebody had made, and files that they brought as long as a restore needs them. Automatic "
           "backups are nobody’s. With 0 there is no limit."),
    ),
    Declared(
        "site_quota_mb", _l("Room for all backups together"), Number(0, 100_000_000, MEGABYTES, NO_LIMIT), 0,
        _l("Everything in the app, automatic backups among it; not the copies in a folder. With 0 there is no "
           "limit but the disk."),
    ),
    Declared(
        "jobs_per_person", _l("Jobs that one person may have under way"),
        Number(1, 10_000, (_l("job"), _l("jobs"))), 50,
        _l("Backups, restores, copies and imports that wait, run, or wait for an answer. More are refused until some "
           "are done."),
    ),
    Declared(
        "spare_mb", _l("Room on the disk that stays free"), Number(0, 10_000_000, MEGABYTES, _l("none")), 50,
        _l("Uploads, backups and restores that would leave less are refused, so that the rest goes on working."),
    ),
))  # fmt: skip

KEEPING = Group("keeping", _l("What is kept"), (
    Declared(
        "undo_days", _l("A restore can be taken back"), Number(0, 365, DAYS, _l("not at all")), 7,
        _l("For so long the content that a restore replaced is kept. With 0 it is gone at once."),
    ),
    Declared(
        "bin_days", _l("Deleted things lie in the bin"), Number(0, 365, DAYS, _l("not at all")), 7,
        _l("For so long activities, sections and courses that were deleted can be put back. With 0 they are gone at "
           "once. What lies there already keeps its time."),
    ),
    Declared(
        "job_days", _l("Jobs that are over stay in lists"), Number(1, 3650, DAYS), 90,
        _l("For so long it can be read how a job went; messages go with them. What can be taken "
           "back stays in any case."),
    ),
    Declared(
        "audit_days", _l("The audit log is kept"), Number(1, 3650, DAYS), 365,
        _l("Who restored, deleted or downloaded what, and who changed a setting, is known for so "
           "long, then forgotten."),
    ),
))  # fmt: skip

PEOPLE = Group("people", _l("People"), (
    Declared(
        "course_rights", _l("What each role may do in a course"), Elsewhere(_l("People, Roles")), {},
        _l("Where it was changed: an action, and the roles that may."),
    ),
), has_page=False)  # fmt: skip

JOBS = Group("jobs", _l("Jobs"), (
    Declared(
        "jobs_paused", _l("Pause of all jobs"), Elsewhere(_l("Jobs")), False,
        _l("While it lasts, what runs goes on to its end and nothing else begins."),
    ),
), has_page=False)  # fmt: skip

GROUPS = (SCHOOL, WORK, BACKUPS, LIMITS, KEEPING, PEOPLE, JOBS)
