"""Automatic backups in a test: a schedule, and rounds at moments of the test's own choice."""

from datetime import UTC, datetime, timedelta

from jobs import scheduler
from tests.archives import pack_tgz, small_course
from tests.restored import restored_once
from tests.running import run
from webapp.extensions import db
from webapp.models import (
    AutomatedItem,
    AutomatedRun,
    Destination,
    FolderCopy,
    Job,
    JobKind,
    JobState,
    ReportWhen,
    the_schedule,
)

#: A moment at which the schedule of these tests is due.
NIGHT = datetime(2026, 11, 24, 2, 30).astimezone(UTC)


def set_schedule(admin, **values):
    """Back up every night at 2:30, into the app, keeping all, unless `values` say otherwise."""
    given = {"active": True, "days": list(range(7)), "hour": 2, "minute": 30, "changed_by_id": admin.id}
    given |= {"since": NIGHT - timedelta(hours=12), "check_days": 0, "report": ReportWhen.ALWAYS}
    given |= {"destination": Destination.APP, "keep_last": 0, "keep_daily": 0, "keep_weekly": 0}
    given |= {"keep_monthly": 0, "keep_days": 0} | values
    schedule = the_schedule()
    for name, value in given.items():
        setattr(schedule, name, value)
    db.session.add(schedule)
    db.session.commit()
    return schedule


def a_course(owner, **named):
    """A whole course that pupils see; the mail about its restore is out."""
    course = restored_once(pack_tgz(small_course(**named)), owner)
    course.visible = True
    db.session.commit()
    finish()
    return course


def a_round(now):
    """Let a worker see to what is due at this moment, until nothing more is."""
    while (job := step(now)) is not None:
        assert job.is_over


def finish(now=NIGHT):
    """Carry on with what is under way, from whatever step it is at."""
    for job in waiting():
        run(job)
    a_round(now)


def step(now):
    """One look of a worker, with the job that it leads to; mails go first, as they do in a worker."""
    for mail in waiting(JobKind.MAIL):
        run(mail)
    job = scheduler.tick(now)
    db.session.rollback()
    db.session.expire_all()
    return run(job) if job is not None else None


def waiting(*kinds):
    found = db.session.query(Job).filter_by(state=JobState.QUEUED)
    return found.filter(Job.kind.in_(kinds)).all() if kinds else found.all()


def rounds():
    db.session.rollback()
    return db.session.query(AutomatedRun).order_by(AutomatedRun.id).all()


def items():
    db.session.rollback()
    return db.session.query(AutomatedItem).order_by(AutomatedItem.id).all()


def copies():
    db.session.rollback()
    return db.session.query(FolderCopy).order_by(FolderCopy.id).all()
