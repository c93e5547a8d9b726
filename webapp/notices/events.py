"""What people are told about, and our words for it."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.language import lazy_gettext as _l


@dataclass(frozen=True)
class Event:
    """Something that people are told about, and in which words as long as no admin has chosen others."""

    title: str
    #: Its name within its group, where the group's name stands above it.
    short: str
    group: str
    goes_to: str
    #: What the link in it leads to, as the words of a button.
    leads_to: str
    subject: str
    body: str
    #: Whether every admin is told, and nobody else.
    for_admins: bool = False


EVENTS: dict[str, Event] = {
    "backup_done": Event(
        _l("Backup done"), _l("Done"), _l("Backup"),
        _l("Goes to the person who asked for the backup, when it is ready."),
        _l("See the backups"),
        _l("{course_fullname} is backed up"),
        _l("""\
Dear {user_firstname},

{course_fullname} was backed up on {finished_at}. It took {duration}.

The backup is {file_size} and has been checked. You can download it or restore from it here:
{link}

{site_name}"""),
    ),
    "backup_warned": Event(
        _l("Backup done with warnings"), _l("Done with warnings"), _l("Backup"),
        _l("Goes to the person who asked for the backup, when it is ready but something is missing from it."),
        _l("See the backups"),
        _l("{course_fullname} is backed up, with warnings"),
        _l("""\
Dear {user_firstname},

{course_fullname} was backed up on {finished_at}, but not all of it:

{warnings}

Everything else is in the backup of {file_size}. You can download it or restore from it here:
{link}

{site_name}"""),
    ),
    "backup_failed": Event(
        _l("Backup failed"), _l("Failed"), _l("Backup"),
        _l("Goes to the person who asked for the backup, when it could not be made."),
        _l("See what happened"),
        _l("The backup of {course_fullname} did not finish"),
        _l("""\
Dear {user_firstname},

The backup of {course_fullname} did not finish. This is why:

{problem}

Your course is unharmed, and earlier backups are still there. You can try again here:
{link}

{site_name}"""),
    ),
    "restore_done": Event(
        _l("Restore done"), _l("Done"), _l("Restore"),
        _l("Goes to the person who asked for the restore, when the course is there."),
        _l("Open the course"),
        _l("{course_fullname} is restored"),
        _l("""\
Dear {user_firstname},

{course_fullname} was restored from {file_name} on {finished_at}. It took {duration}.

The course is here:
{link}

{site_name}"""),
    ),
    "restore_warned": Event(
        _l("Restore done with warnings"), _l("Done with warnings"), _l("Restore"),
        _l("Goes to the person who asked for the restore, when the course is there but not all of it."),
        _l("Open the course"),
        _l("{course_fullname} is restored, with warnings"),
        _l("""\
Dear {user_firstname},

{course_fullname} was restored from {file_name} on {finished_at}, but not all of it:

{warnings}

Everything else is in the course:
{link}

{site_name}"""),
    ),
    "restore_failed": Event(
        _l("Restore failed"), _l("Failed"), _l("Restore"),
        _l("Goes to the person who asked for the restore, when it could not be done."),
        _l("See what happened"),
        _l("The restore of {file_name} did not finish"),
        _l("""\
Dear {user_firstname},

The restore of {file_name} did not finish. This is why:

{problem}

A restore that does not finish changes nothing: all courses are as they were. You can see what happened here:
{link}

{site_name}"""),
    ),
    "copy_done": Event(
        _l("Copy done"), _l("Done"), _l("Copy"),
        _l("Goes to the person who asked for the copy of a course, when it is there."),
        _l("Open the course"),
        _l("{course_fullname} is there"),
        _l("""\
Dear {user_firstname},

The copy that you asked for, {course_fullname}, was made on {finished_at}. It took {duration}.

You find it here:
{link}

{site_name}"""),
    ),
    "copy_warned": Event(
        _l("Copy done with warnings"), _l("Done with warnings"), _l("Copy"),
        _l("Goes to the person who asked for the copy of a course, when it is there but not all of it."),
        _l("Open the course"),
        _l("{course_fullname} is there, with warnings"),
        _l("""\
Dear {user_firstname},

The copy that you asked for, {course_fullname}, was made on {finished_at}, but not all of it:

{warnings}

Everything else is there:
{link}

{site_name}"""),
    ),
    "copy_failed": Event(
        _l("Copy failed"), _l("Failed"), _l("Copy"),
        _l("Goes to the person who asked for a copy of a course, or of a section or activity, when "
           "it could not be made."),
        _l("See what happened"),
        _l("The copy of {course_fullname} did not finish"),
        _l("""\
Dear {user_firstname},

The copy of {course_fullname} did not finish. This is why:

{problem}

A copy that does not finish leaves nothing behind, and the original is as it was. You can try again here:
{link}

{site_name}"""),
    ),
    "import_done": Event(
        _l("Import done"), _l("Done"), _l("Import"),
        _l("Goes to the person who imported from another course, when all of it is there."),
        _l("Open the course"),
        _l("The import into {course_fullname} is done"),
        _l("""\
Dear {user_firstname},

What you chose was added to {course_fullname} on {finished_at}. It took {duration}.

The course is here:
{link}

{site_name}"""),
    ),
    "import_warned": Event(
        _l("Import done with warnings"), _l("Done with warnings"), _l("Import"),
        _l("Goes to the person who imported from another course, when it is there but not all of it."),
        _l("Open the course"),
        _l("The import into {course_fullname} is done, with warnings"),
        _l("""\
Dear {user_firstname},

What you chose was added to {course_fullname} on {finished_at}, but not all of it:

{warnings}

Everything else is in the course:
{link}

{site_name}"""),
    ),
    "import_failed": Event(
        _l("Import failed"), _l("Failed"), _l("Import"),
        _l("Goes to the person who imported from another course, when it could not be done."),
        _l("See what happened"),
        _l("The import into {course_fullname} did not finish"),
        _l("""\
Dear {user_firstname},

The import into {course_fullname} did not finish. This is why:

{problem}

An import that does not finish changes nothing: both courses are as they were. You can try again here:
{link}

{site_name}"""),
    ),
    "automated_report": Event(
        _l("Report on automatic backups"), _l("Report"), _l("Automatic backups"),
        _l("Goes to every admin when a round of automatic backups is over, as the schedule says."),
        _l("See how it went"),
        _l("Automatic backups of {finished_at}"),
        _l("""\
Dear {user_firstname},

{report}

It took {duration}; the new backups are {file_size} together. Here it is course by course:
{link}

{site_name}"""),
        for_admins=True,
    ),
    "check_damaged": Event(
        _l("Stored backup damaged"), _l("Damage found"), _l("Automatic backups"),
        _l("Goes to every admin when a stored backup is read again and has gone bad."),
        _l("See what is damaged"),
        _l("A backup of {course_fullname} is damaged"),
        _l("""\
Dear {user_firstname},

the backup {file_name} of {course_fullname} was read again on {finished_at}, and is no longer what it was:

{problem}

Make a new backup of the course, and have a look at the disk. All damaged backups are listed here:
{link}

{site_name}"""),
        for_admins=True,
    ),
}  # fmt: skip
