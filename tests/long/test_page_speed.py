"""A school with 500 courses, 200 sections in one of them, 20,000 people and years of jobs: pages arrive at once."""

import statistics
import time

import pytest
import sqlalchemy as sa

from tests.bench.sizes import SIZES, write_archive
from tests.factories import make_activity, make_admin, make_archive, make_course, make_section
from tests.running import restore
from webapp.access import sign_ins
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    ArchiveOrigin,
    AuditEntry,
    Category,
    Course,
    CourseRole,
    CourseVersion,
    Job,
    JobKind,
    JobState,
    Membership,
    Message,
    SiteRole,
    User,
    utc_now,
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PEOPLE, COURSES, SECTIONS, JOBS = 20_000, 500, 200, 20_000
#: Milliseconds that a page may take, at the median of so many visits.
MOST, VISITS = 100, 7
#: Views that are no pages, or that need something this school has none of.
LEFT_OUT = {"static", "health.healthz", "archives.archive_json", "people.export_people", "people.export_log"}


def add(model, rows):
    db.session.execute(sa.insert(model), rows)
    db.session.commit()


def fill(admin):
    """Fill the tables of a large school."""
    add(User, [
        {"username": f"person{n}", "first_name": f"Nadia{n % 900}", "last_name": f"Okafor{n % 3000}",
         "email": f"person{n}@school.example", "role": SiteRole.TEACHER if n % 20 == 0 else SiteRole.MEMBER}
        for n in range(PEOPLE)
    ])  # fmt: skip
    add(Category, [{"name": f"Year {n}", "position": n} for n in range(20)])
    add(CourseVersion, [{"moodle_id": 2, "context_id": 3, "next_id": 100} for _ in range(COURSES)])
    versions = db.session.scalars(sa.select(CourseVersion.id)).all()
    add(Course, [
        {"fullname": f"Tides and coasts {n}", "shortname": f"GEO {n}", "version_id": version, "category_id": n % 20 + 1}
        for n, version in enumerate(versions)
    ])  # fmt: skip
    people = db.session.scalars(sa.select(User.id).where(User.id != admin.id)).all()
    courses = db.session.scalars(sa.select(Course.id)).all()
    add(Membership, [
        {"course_id": courses[n % len(courses)], "user_id": user_id,
         "role": CourseRole.EDITING_TEACHER if n % 20 == 0 else CourseRole.STUDENT}
        for n, user_id in enumerate(people)
    ])  # fmt: skip
    now = utc_now()
    add(Job, [
        {"kind": JobKind.BACKUP, "scope": "course", "target_id": courses[n % COURSES],
         "course_id": courses[n % COURSES], "user_id": admin.id if n % 3 == 0 else people[n],
         "title": f"Tides and coasts {n}", "started_at": now,
         "finished_at": now, "state": JobState.FAILED if n % 50 == 0 else JobState.DONE}
        for n in range(JOBS)
    ])  # fmt: skip
    add(ArchiveFile, [
        {"origin": ArchiveOrigin.BACKUP, "course_id": courses[n % COURSES], "owner_id": admin.id,
         "filename": f"{n}.mbz", "size": 1_000_000, "verified_at": now}
        for n in range(5_000)
    ])  # fmt: skip
    add(Message, [
        {"user_id": admin.id, "event": "backup_done", "subject": f"Backed up {n}", "text": "Done.",
         "html": "<p>Done.</p>", "by_mail": True}
        for n in range(5_000)
    ])  # fmt: skip
    add(AuditEntry, [
        {"user_id": people[n % PEOPLE], "action": "backup made", "course_id": courses[n % COURSES], "title": f"GEO {n}"}
        for n in range(50_000)
    ])  # fmt: skip


@pytest.fixture
def numbers(app, tmp_path):
    """The numbers that addresses need, in a large school: of a wide course, and of one with a thousand people."""
    admin = make_admin("ruth")
    fill(admin)
    course = make_course("WIDE 1", content=())
    for number in range(SECTIONS):
        section = make_section(course, f"Week {number}")
        activities = [make_activity(section) for _ in range(2)]
    archive = make_archive(admin, course)
    job = db.session.scalars(sa.select(Job).where(Job.user_id == admin.id)).first()
    write_archive(SIZES["medium"], tmp_path / "medium.mbz")
    _, peopled = restore((tmp_path / "medium.mbz").read_bytes(), admin)
    wide = {"course_id": course.id, "section_id": section.id, "activity_id": activities[0].id, "source_id": 5}
    return wide | {
        "peopled_id": peopled.id,
        "archive_id": archive.id,
        "job_id": job.id,
        "user_id": 77,
        "category_id": 3,
        "message_id": 9,
        "kind": "page",
        "admin": admin,
    }


def addresses(app, numbers):
    """The address of every page that those numbers lead to, the pages of a course for both courses."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            given = {name: numbers[name] for name in rule.arguments if name in numbers}
            if "GET" not in rule.methods or rule.endpoint in LEFT_OUT or len(given) < len(rule.arguments):
                continue
            yield rule.rule, app.url_for(rule.endpoint, **given)
            if rule.arguments == {"course_id"}:
                yield (
                    f"{rule.rule} (1,001 people)",
                    app.url_for(rule.endpoint, course_id=numbers["peopled_id"]),
                )


def measure(client, address):
    """The median time of a visit, in milliseconds; None where there is no page to show."""
    times = []
    for _ in range(VISITS):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            return None
    return statistics.median(times)


def test_every_page_of_a_large_school_arrives_at_once(app, numbers, capsys):
    client = app.test_client()
    token = sign_ins.begin(db.session(), numbers["admin"], "Firefox on Linux")
    db.session.commit()
    with client.session_transaction() as session:
        session["token"] = token

    times = {rule: measure(client, address) for rule, address in addresses(app, numbers)}

    shown = sorted(((took, rule) for rule, took in times.items() if took is not None), reverse=True)
    with capsys.disabled():
        print(f"\n{len(shown)} pages of a school with {COURSES} courses and {PEOPLE:,} people; the slowest:")
        for took, rule in shown[:15]:
            print(f"{took:7.1f} ms  {rule}")
    assert len(shown) > 60
    assert not {rule: round(took) for took, rule in shown if took > MOST}
