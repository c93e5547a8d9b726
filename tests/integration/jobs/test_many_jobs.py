"""With a hundred thousand jobs behind it a site is as quick as on its first day: every question goes by an index."""

import re
import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs import heart, queue, recovery, runner
from jobs.courtesy import is_quiet, somebody_waits
from tests.factories import make_admin, make_course, make_job
from webapp.extensions import db
from webapp.job_requests.failed_jobs import failed_for, failed_on_course
from webapp.models import Course, CourseVersion, JobKind, JobState, SiteRole, User, utc_now

MANY = 100_000
#: What lies behind a site after years: mostly mails and what the schedule did, a few failures, all dismissed.
FILL = """
insert into job (kind, scope, target_id, course_id, user_id, title, state, steps, step_number, step_done, step_total,
    done_bytes, total_bytes, options, result, warnings, problem, attempts, token, runner, cancel_asked, priority,
    created_at, queued_at, started_at, finished_at, heard_at, dismissed_at)
with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < :many)
select case when n % 2 then 'mail' when n % 4 then 'automated' when n % 8 then 'check'
        else substr('backup restorecopy  import ', 1 + 7 * (n / 8 % 4), 7) end,
    'course', n, :course, :user, 'Tides', case when n % 40 = 0 then 'failed' else 'done' end, '[]', 0, 0, 0,
    0, 0, '{}', '{}', '[]', '', 1, 1, '', 0, 0, at, at, at, at, at, case when n % 40 = 0 then at end
from (select n, datetime('2026-01-01', n || ' minutes') || '.000000' as at from numbers)
"""


@pytest.fixture(scope="module")
def template_database(template_database, tmp_path_factory):
    """The database that each test begins with, filled once."""
    path = tmp_path_factory.mktemp("many") / "coursekeep.sqlite"
    shutil.copy(template_database, path)
    engine = sa.create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        version = CourseVersion(moodle_id=2, context_id=3, next_id=100)
        nadia = User(username="nadia", role=SiteRole.TEACHER)
        session.add_all([version, nadia])
        session.flush()
        course = Course(shortname="TIDE", fullname="Tides", version_id=version.id)
        session.add(course)
        session.flush()
        session.execute(sa.text(FILL), {"many": MANY, "course": course.id, "user": nadia.id})
        session.execute(sa.text("update job set kind = trim(kind)"))
        session.commit()
    engine.dispose()
    return path


@pytest.fixture
def teacher(app):
    """Whose jobs most of them are, with some under way."""
    teacher, course = db.session.get(User, 1), db.session.get(Course, 1)
    make_job(teacher, course, state=JobState.RUNNING)
    make_job(teacher, course, state=JobState.FAILED, kind=JobKind.IMPORT)
    make_job(teacher, course, kind=JobKind.COPY, queued_at=utc_now() - timedelta(minutes=5))
    return teacher


@pytest.fixture
def plans(teacher):
    """How the database finds what is asked for while `do()` goes on, one line for each step."""

    def of(do):
        asked = []

        def note(_connection, _cursor, statement, values, *_more):
            if " job" in statement and not statement.startswith(("INSERT", "explain")):
                asked.append((statement, values))

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            do()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        connection = db.session.connection()
        return [
            row.detail
            for statement, values in asked
            for row in connection.exec_driver_sql(f"explain query plan {statement}", values)
        ]

    return of


def scans(plan):
    """Steps that go through all jobs."""
    return [step for step in plan if re.match(r"SCAN job(_\d+)?\b", step)]


def sorts(plan):
    return [step for step in plan if "TEMP B-TREE" in step]


def test_the_lists_of_jobs_go_by_an_index(teacher, plans, client, sign_in_as):
    narrowed = ("", "&person=nadia", "&course=TIDE", "&kind=check", "&day=2026-02-02")
    found = {}

    for viewer in (make_admin(), teacher):
        sign_in_as(viewer)
        for standing in ("now", "running", "waiting", "failed", "finished"):
            for more in narrowed:
                address = f"/jobs?show={standing}{more}"
                found[address] = scans(plans(lambda address=address: client.get(address)))

    assert {address: steps for address, steps in found.items() if steps} == {}


@pytest.mark.parametrize(
    "address", ["/jobs?show=finished", "/jobs?show=finished&kind=automated", "/jobs?show=failed"]
)
def test_the_long_lists_are_not_sorted(plans, client, sign_in_as, address):
    sign_in_as(make_admin())

    assert sorts(plans(lambda: client.get(address))) == []


def test_what_workers_and_polls_ask_all_the_time_goes_by_an_index(teacher, plans, client, sign_in_as):
    sign_in_as(teacher)
    course = make_course()
    waiting = make_job(teacher, course)
    often = {
        "poll": lambda: client.get(f"/jobs/{waiting.id}/progress"),
        "poll of my backups": lambda: client.get(f"/backups/live?told={waiting.id}-queued"),
        "heart": heart._say_so,
        "gives way": lambda: (somebody_waits(db.session()), is_quiet(db.session())),
        "place": lambda: queue.place_in_line(waiting),
        "failed": lambda: (failed_for(teacher.id), failed_on_course(course.id)),
        "claim": lambda: runner.claim(waiting.id),
    }

    found = {name: plans(do) for name, do in often.items()}

    assert all(found.values())
    assert {
        name: scans(plan) + sorts(plan) for name, plan in found.items() if scans(plan) + sorts(plan)
    } == {}


def test_the_sweep_goes_by_an_index(plans):
    assert scans(plans(recovery.Sweep().heal)) == []
