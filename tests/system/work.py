"""All kinds of work on courses, each made ready anew as often as one likes, for sweeps that harm it on its way."""

import itertools

import sqlalchemy as sa

from jobs import queue, recovery
from jobs.automated import runs
from jobs.automated.leftovers import clear_folder
from jobs.engine.undo import undo_restore
from jobs.runner import run_claimed
from tests.archives import pack_tgz, small_course
from tests.automating import set_schedule
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.restored import activity, section
from tests.running import back_up, read_archive, restore
from tests.system.courses import count, now
from webapp import places
from webapp.content import activities, sections
from webapp.content.lookups import sections_of
from webapp.content.putting_back import put_back
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    AutomatedItem,
    BinEntry,
    Course,
    Destination,
    FolderCopy,
    ItemState,
    Job,
    JobKind,
    JobState,
    Message,
    utc_now,
)

_numbers = itertools.count(1)


class Work:
    """A job on a course. `begin` writes it down, and `carry_out` does it, in whatever process."""

    #: How many messages say that it came to nothing.
    told_of_failure = 1

    def __init__(self, folder):
        self.admin, self.members, self.folder = make_admin("office", wants_mail=False), small_course(), folder
        _, self.course = restore(pack_tgz(self.members), self.admin)

    def begin(self):
        raise NotImplementedError

    def carry_out(self, job_id):
        run_claimed(job_id)

    def go_on(self, job_id):
        """What a new worker does."""
        recovery.Sweep().heal()
        if not self.is_over(job_id):
            run_claimed(job_id)

    def is_over(self, job_id):
        return now(job_id).is_over

    def check(self, job_id):
        """All is as it should be once it is done."""
        assert now(job_id).state == JobState.DONE, now(job_id).problem or now(job_id).warnings

    def problem(self, job_id):
        """Why it came to nothing; empty if it did not."""
        return now(job_id).problem if now(job_id).state == JobState.FAILED else ""

    def knows_why(self, problem):
        """Whether it has words of its own for what went wrong."""
        return False

    def messages(self, job_id):
        return count(Message, Message.job_id == job_id)

    def ask(self, kind, scope="course", target=None, **options):
        job, _ = queue.ask_for(
            kind,
            scope,
            target or self.course.id,
            user=self.admin,
            title="Tides",
            course=self.course,
            options=options,
        )
        return job.id


class BackupOfCourse(Work):
    def begin(self):
        return self.ask(JobKind.BACKUP, people=True, files=True)

    def check(self, job_id):
        super().check(job_id)
        archive = places.archive_path(now(job_id).result["archive_id"])
        assert same_documents(self.members, members_of(archive)) == []


class BackupOfSection(Work):
    def begin(self):
        part = section(self.course, "Week one")
        return self.ask(JobKind.BACKUP, "section", part.id, people=True, files=True)


class BackupOfActivity(Work):
    def begin(self):
        part = activity(self.course, "Read a tide table")
        return self.ask(JobKind.BACKUP, "activity", part.id, people=True, files=True)


class RestoreNew(Work):
    target = "new"

    def begin(self):
        job = read_archive(pack_tgz(self.members), self.admin)
        given, changes = {"target": self.target, "people": True, "again": True}, {}
        if self.target != "new":
            given["course_id"] = self.course.id
            changes = {"course_id": self.course.id, "scope": "course", "target_id": self.course.id}
        assert queue.answer(job.id, given, **changes)
        return job.id

    def check(self, job_id):
        super().check(job_id)
        result = now(job_id).result
        assert db.session.get(Course, result["course_id"]).version_id == result["version_id"]


class RestoreReplace(RestoreNew):
    target = "replace"


class RestoreMerge(RestoreNew):
    target = "merge"


class CopyOfCourse(Work):
    def begin(self):
        return self.ask(JobKind.COPY, fullname="Again", shortname=f"AGAIN {next(_numbers)}", people=True)


class DuplicateOfSection(Work):
    def begin(self):
        return self.ask(JobKind.COPY, "section", section(self.course, "Week one").id)


class DuplicateOfActivity(Work):
    def begin(self):
        return self.ask(JobKind.COPY, "activity", activity(self.course, "Read a tide table").id)


class Import(Work):
    def __init__(self, folder):
        super().__init__(folder)
        _, self.source = restore(pack_tgz(small_course(shortname="OTHER")), self.admin)

    def begin(self):
        return self.ask(JobKind.IMPORT, source_id=self.source.id, course_id=self.course.id, only=None)


class AutomatedBackup(Work):
    told_of_failure = 0  # its round says so at the end

    def begin(self):
        self.folder.mkdir(exist_ok=True)
        job = Job(
            kind=JobKind.AUTOMATED, scope="course", target_id=self.course.id, course_id=self.course.id,
            user_id=self.admin.id, title="Tides",
            options={"people": True, "files": True, "destination": Destination.BOTH.value, "folder": str(self.folder)},
        )  # fmt: skip
        db.session.add(job)
        db.session.commit()
        return job.id

    def check(self, job_id):
        """Where only the copy in the folder can't be made, the one in the app is there, and a warning says so."""
        clear_folder(self.folder, lambda _bytes: None)
        assert not count(FolderCopy, FolderCopy.verified_at.is_(None))
        assert count(FolderCopy) == len(list(self.folder.iterdir()))
        job = now(job_id)
        archive = places.archive_path(job.result["archive_id"])
        if job.state == JobState.WARNED:
            assert str(self.folder) in job.warnings[0]
            assert archive.stat().st_size == job.result["size"]
        else:
            super().check(job_id)
            copy = db.session.get_one(FolderCopy, job.result["copy_id"])
            assert (self.folder / copy.filename).read_bytes() == archive.read_bytes()

    def knows_why(self, problem):
        return str(self.folder) in problem


class EndOfRound(Work):
    """Keeps to the rules: of two backups one goes."""

    def __init__(self, folder):
        super().__init__(folder)
        set_schedule(self.admin, keep_last=1)

    def begin(self):
        for _ in range(2):
            _, path = back_up(self.course, self.admin)
            db.session.get_one(ArchiveFile, int(path.stem)).origin = "automated"
        db.session.commit()
        run = runs.begin(db.session(), utc_now())
        db.session.execute(sa.update(AutomatedItem).values(state=ItemState.SKIPPED))
        job_id = runs.closing_job(db.session(), run).id
        db.session.commit()
        return job_id

    def check(self, job_id):
        super().check(job_id)
        assert count(ArchiveFile, ArchiveFile.origin == "automated") == 1

    def messages(self, job_id):
        return count(Message, Message.event.startswith("automated")) / max(
            1, count(Job, Job.kind == JobKind.CLOSING)
        )


class Verify(Work):
    told_of_failure = 0

    def begin(self):
        _, path = back_up(self.course, self.admin)
        job = Job(
            kind=JobKind.CHECK,
            scope="archive",
            target_id=int(path.stem),
            user_id=self.admin.id,
            title="Tides",
        )
        db.session.add(job)
        db.session.commit()
        return job.id


class Deed(Work):
    """What is done at once, in a request. `begin` returns what there was before, and `carry_out` needs to know."""

    def go_on(self, told):
        if not self.is_over(told):
            self.carry_out(told)

    def problem(self, told):
        return ""

    def messages(self, told):
        return 0

    def check(self, told):
        assert self.is_over(told)

    def fresh_course(self):
        return db.session.get_one(Course, self.course.id, populate_existing=True)


class Undo(Deed):
    """Takes a restore back."""

    target = "replace"

    def begin(self):
        version_id = self.fresh_course().version_id
        restore(pack_tgz(self.members), self.admin, self.course, target=self.target, again=True)
        return version_id

    def carry_out(self, told):
        undo_restore(self.course.id)

    def is_over(self, told):
        return self.fresh_course().version_id == told


class UndoOfMerge(Undo):
    target = "merge"

    def begin(self):
        parts = self.parts()
        super().begin()
        return parts

    def is_over(self, told):
        return self.parts() == told

    def parts(self):
        return len(sections_of(self.fresh_course().version_id))


class Bin(Deed):
    """Deletes a section, and so puts it into the bin."""

    def begin(self):
        course = self.fresh_course()
        made = sections.make_section(course, f"Week {next(_numbers)}", "", self.admin)
        activities.make_activity(
            course, made, "page", {"name": "Tide", "intro": "", "content": ""}, self.admin
        )
        return made.name

    def carry_out(self, told):
        sections.delete_section(self.fresh_course(), section(self.course, told))

    def is_over(self, told):
        return told not in [one.name for one in sections_of(self.fresh_course().version_id)]


class PutBack(Bin):
    def begin(self):
        told = super().begin()
        super().carry_out(told)
        return told

    def carry_out(self, told):
        put_back(
            self.fresh_course(),
            db.session.scalars(sa.select(BinEntry.id).order_by(BinEntry.id.desc())).first(),
        )

    def is_over(self, told):
        return not super().is_over(told)


KINDS = (
    BackupOfCourse, BackupOfSection, BackupOfActivity, RestoreNew, RestoreReplace, RestoreMerge, CopyOfCourse,
    DuplicateOfSection, DuplicateOfActivity, Import, AutomatedBackup, EndOfRound, Verify, Undo, UndoOfMerge, Bin,
    PutBack,
)  # fmt: skip


def title(kind):
    """The words of a class, as in “restore replace”."""
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in kind.__name__).strip()
