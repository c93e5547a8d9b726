"""A course whose every text, name and file would act: none of its pages lets one."""

import re

import pytest

from tests.archives import pack_tgz
from tests.conftest import make_instance, opened_app
from tests.factories import make_person, make_teacher
from tests.hostile.payloads import faults_in, hostile_course
from tests.pages import parse
from tests.running import answer, back_up, read_archive
from webapp.extensions import db
from webapp.models import Course, CourseRole, JobState, User

pytestmark = pytest.mark.xdist_group("hostile content")

#: What no page shows in the place, but sends.
FILES = re.compile(r"/(?:files|embedded)/.|/download")
SAFE_TYPES = {
    "text/html",
    "application/json",
    "text/csv",
    "text/plain",
    "image/png",
    "application/octet-stream",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory, template_database, compiled):
    instance = make_instance(tmp_path_factory.mktemp("hostile"), template_database)
    with opened_app(instance, compiled) as app:
        yield app


@pytest.fixture(scope="module")
def done(app):
    """The restore of the course, and the backup that was made of it."""
    teacher = make_teacher("nadia")
    job = answer(read_archive(pack_tgz(hostile_course().members()), teacher))
    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    course = db.session.get(Course, job.result["course_id"])
    course.visible = True
    db.session.commit()
    return job, back_up(course, teacher)[0]


@pytest.fixture
def course(done):
    return db.session.get(Course, done[0].result["course_id"])


@pytest.fixture
def teacher(done, sign_in_as):
    return sign_in_as(db.session.get(User, done[0].user_id))


def crawl(client, start, within, most):
    """The pages that links lead to from these, each once, as long as they lie within an address."""
    seen, waiting = {}, list(start)
    while waiting and len(seen) < most:
        address = waiting.pop(0).partition("#")[0]
        if address in seen or not re.match(within, address) or FILES.search(address):
            continue
        seen[address] = page = client.get(address)
        if page.mimetype == "text/html":
            waiting += links_of(page)
    return seen


def links_of(page):
    return [one["href"] for one in parse(page.text).select("a[href]")]


def check(seen):
    faults = {
        address: found
        for address, page in seen.items()
        if page.mimetype == "text/html" and (found := faults_in(parse(page.text)))
    }
    assert faults == {}
    assert {page.status_code for page in seen.values()} <= {200, 303}
    assert {page.mimetype for page in seen.values()} <= SAFE_TYPES


def test_nothing_in_the_course_acts(client, course, teacher):
    there = f"/courses/{course.id}"
    start = [there, f"{there}/edit", f"{there}/settings", f"{there}/bin", f"{there}/import", "/", "/jobs"]

    seen = crawl(client, start, r"/(courses|jobs)?(/|$)", 60)

    assert len(seen) == 60
    check(seen)


def test_nothing_in_the_backup_acts(client, teacher, done):
    restored, made = done
    there = f"/archives/{restored.result['archive_id']}"
    start = [there, f"{there}/files", f"/jobs/{restored.id}", f"/jobs/{made.id}", "/backups", "/messages"]

    seen = crawl(client, start, r"/(archives|backups|messages|jobs)", 40)

    assert len(seen) > 30
    check(seen)


def test_nothing_acts_on_a_pupil(client, sign_in_as, course):
    sign_in_as(make_person("pip", course=course, course_role=CourseRole.STUDENT))

    seen = crawl(client, [f"/courses/{course.id}"], r"/courses", 40)

    assert len(seen) > 20
    check(seen)


def test_a_file_whose_name_would_act_is_sent_under_that_name_alone(client, course, teacher):
    pages = crawl(client, [f"/courses/{course.id}"], r"/courses", 10)
    links = {one for page in pages.values() for one in links_of(page) if FILES.search(one)}

    answers = [client.get(one) for one in sorted(links)]
    sent = [one for one in answers if "Content-Disposition" in one.headers]

    assert sent
    for one in sent:
        assert "sandbox" in one.headers["Content-Security-Policy"]
        assert one.headers["X-Content-Type-Options"] == "nosniff"
        assert one.headers["Content-Disposition"].isascii()
        assert one.headers["Content-Disposition"].isprintable()
