"""Work on courses, asked for over HTTP of a school that is served with two web processes and a worker."""

import json
import shutil
import sqlite3
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta

import psutil
import pytest
import sqlalchemy as sa

from jobs import queue
from tests.archives import pack_tgz, small_course
from tests.factories import make_admin, make_job, make_teacher
from tests.pages import form_data, parse, text
from tests.serving import served
from tests.system.caller import Caller
from tests.system.courses import ask_for_backup, count, in_the_middle, make_full_course, now
from tests.system.processes import SLOWLY, freeze, wait_until
from webapp import places
from webapp.backups.choosing import packed
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import ArchiveFile, Job, JobState, Message, set_setting, utc_now

pytestmark = [pytest.mark.system, pytest.mark.alone]


@pytest.fixture(scope="module")
def instance(tmp_path_factory, template_database):
    """One installation for all of these tests; each makes its own people and courses."""
    folder = tmp_path_factory.mktemp("school") / "instance"
    folder.mkdir()
    shutil.copy(template_database, folder / "coursekeep.sqlite")
    return folder


@pytest.fixture(scope="module")
def school(instance):
    with served(instance, "--no-sample", "--workers", "2", env=SLOWLY) as school:
        yield school


@pytest.fixture(autouse=True)
def end_of_work(app):
    """Leave no work to the next test: while a worker writes, a test can't make its people and courses."""
    yield
    db.session.rollback()
    for job_id in db.session.scalars(sa.select(Job.id)).all():
        queue.cancel(job_id)
    wait_until(lambda: count(Job, Job.state == JobState.RUNNING) == 0, "nothing runs any more")


@pytest.fixture
def switch(app):
    """Switch background work on or off."""

    def switch(on):
        with write_transaction():
            set_setting("async_jobs", on, by=None)

    return switch


@pytest.fixture
def caller_of(app, school):
    return lambda user: Caller.of(app, school.url, user)


@contextmanager
def asleep(process, instance):
    """Let the process do nothing until the end of the block."""
    freeze(process, instance)
    try:
        yield
    finally:
        process.resume()


def a_teacher(**more):
    """Somebody who is not mailed to: what the worker does is what the test asks for."""
    return make_teacher(wants_mail=False, **more)


def backup_form(caller, course):
    """What a browser sends when nothing is changed in the form for a new backup."""
    page = parse(caller.get(f"/courses/{course.id}/backups/new").text)
    return form_data(page.main.find("form", method="post"))


def ask_to_back_up(caller, course, form=None):
    return caller.post(f"/courses/{course.id}/backups/new", form or backup_form(caller, course))


def job_id_of(answer):
    return int(answer.location.rpartition("/")[2])


def test_asking_for_a_backup_of_a_large_course_is_answered_at_once(school, instance, switch, caller_of):
    switch(True)
    course = make_full_course(a_teacher(), 300, files=60)
    teachers = [a_teacher(course=course) for _ in range(7)]
    callers = [caller_of(teacher) for teacher in teachers]
    forms = [backup_form(caller, course) for caller in callers]

    with asleep(school.child("worker"), instance):
        answers = [ask_to_back_up(caller, course, form) for caller, form in zip(callers, forms, strict=True)]
        page = parse(callers[0].get(answers[0].location).text)

    assert [answer.status for answer in answers] == [303] * 7
    assert statistics.median(answer.seconds for answer in answers) < 0.1
    assert text(page.main.h2) == "In line"
    assert "Next in line." in text(page.main)
    wait_until(lambda: now(job_id_of(answers[0])).state == JobState.RUNNING, "the worker has begun")


def test_who_is_slow_to_hang_up_keeps_nobody_else_waiting(school, caller_of):
    caller, began = caller_of(a_teacher()), time.monotonic()

    # An answer whose end is not read holds its connection.
    slow = [caller.begin(caller.connect(), "GET", "/", Connection="close")[0] for _ in range(12)]

    # Gunicorn alone would give each of them two seconds, in two processes: twelve in all.
    assert time.monotonic() - began < 6
    for answer in slow:
        answer.close()


def test_a_long_list_of_what_is_left_out_fits_into_an_address(caller_of):
    teacher = a_teacher()
    course = make_full_course(teacher, 1)
    left_out = {"sections": [], "activities": [number**2 + 100 for number in range(1900)]}
    address = f"/courses/{course.id}/backups/new?step=review&out={packed(left_out)}"

    answer = caller_of(teacher).get(address)

    assert len(address) > 4094  # what Gunicorn takes unless it is told otherwise
    assert answer.status == 200


def test_the_poll_reads_only_and_waits_for_no_writer(school, instance, switch, caller_of):
    switch(True)
    teacher = a_teacher()
    job = ask_for_backup(make_full_course(teacher, 36), teacher)
    queue.start(job)
    wait_until(lambda: in_the_middle(job.id), "the backup is half way")
    caller, answers = caller_of(teacher), []

    with closing(sqlite3.connect(instance / "coursekeep.sqlite")) as connection:
        connection.execute("begin immediate")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            answers.append(caller.get(f"/jobs/{job.id}/progress"))
        connection.rollback()

    assert {answer.status for answer in answers} == {200}
    assert statistics.median(answer.seconds for answer in answers) < 0.05
    assert [answer.headers["Set-Cookie"] for answer in answers if answer.headers["Set-Cookie"]] == []
    assert 'role="progressbar"' in answers[-1].text
    wait_until(lambda: now(job.id).is_over, "the backup is done in spite of it")
    assert now(job.id).state == JobState.DONE


def test_twenty_clicks_at_once_lead_to_the_page_of_one_job(switch, caller_of):
    switch(True)
    teacher = a_teacher()
    course = make_full_course(teacher, 12)
    caller = caller_of(teacher)
    form, start = backup_form(caller, course), threading.Barrier(20)

    def click(_number):
        start.wait()
        return ask_to_back_up(caller, course, form)

    with ThreadPoolExecutor(20) as clicks:
        answers = list(clicks.map(click, range(20)))

    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count(Job, Job.user_id == teacher.id, Job.kind == "backup") == 1


def test_the_switch_counts_at_once_in_every_process(school, switch, caller_of):
    switch(True)
    teacher = a_teacher()
    job = make_job(teacher, not_before=utc_now() + timedelta(days=1))
    admin, caller = caller_of(make_admin()), caller_of(teacher)
    seen = {}

    for choice in ("off", "on", "off"):
        form = parse(admin.get("/settings/work").text).main.find("form", method="post")
        saved = admin.post("/settings/work", form_data(form, async_jobs=choice))
        pages = from_each_process(school, caller, f"/jobs/{job.id}")
        seen[choice] = [bool(page.find("button", string="Begin now")) for page in pages]
        assert saved.status == 303

    assert seen == {"off": [True, True], "on": [False, False]}


def from_each_process(school, caller, path):
    """The page, once from each process of the web server."""
    processes, pages = school.child("web").children(), {}

    def ask():
        with closing(caller.connect()) as connection:
            answer, _ = caller.begin(connection, "GET", path)
            found = [one.pid for one in processes if is_served_by(one, connection)]
            pages.setdefault(found[0], parse(answer.read().decode()))
        return len(pages) == len(processes)

    wait_until(ask, "each process has answered")
    return list(pages.values())


def is_served_by(process, connection):
    port = connection.sock.getsockname()[1]
    return any(one.raddr and one.raddr.port == port for one in process.net_connections("tcp"))


def test_without_background_work_the_page_comes_in_piece_by_piece(switch, caller_of):
    switch(False)
    teacher = a_teacher()
    course = make_full_course(teacher, 24)
    caller = caller_of(teacher)
    form, pieces = backup_form(caller, course), []

    with closing(caller.connect()) as connection:
        answer, seconds = caller.begin(connection, "POST", f"/courses/{course.id}/backups/new", form)
        while piece := answer.read1():
            job = now(newest_job(teacher).id)
            pieces.append((piece.decode(), job.is_over))

    on_the_way = [piece for piece, is_over in pieces if 'class="tick"' in piece and not is_over]
    assert answer.status == 200
    assert seconds < 1
    assert len(on_the_way) > 1
    page = parse("".join(piece for piece, _ in pieces))
    assert text(page.select(".tick.over h2")[0]) == "Backed up and checked"
    assert newest_job(teacher).state == JobState.DONE


def test_a_web_process_that_is_killed_at_work_leaves_its_job_to_a_worker(school, switch, caller_of):
    switch(False)
    teacher = a_teacher()
    course = make_full_course(teacher, 24)
    caller = caller_of(teacher)
    form = backup_form(caller, course)

    with closing(caller.connect()) as connection:
        caller.begin(connection, "POST", f"/courses/{course.id}/backups/new", form)
        job = newest_job(teacher)
        wait_until(lambda: in_the_middle(job.id), "the backup is half way")
        psutil.Process(int(now(job.id).runner.split(".")[1])).kill()
    wait_until(lambda: now(job.id).is_over, "the worker has finished the backup")

    job = now(job.id)
    assert (job.state, job.attempts) == (JobState.DONE, 2), job.problem
    assert count(ArchiveFile, ArchiveFile.course_id == course.id) == 1
    assert count(Message, Message.job_id == job.id) == 1
    assert places.archive_path(job.result["archive_id"]).stat().st_size == job.result["size"]
    wait_until(lambda: len(school.child("web").children()) == 2, "a new web process is there")
    assert caller.get(f"/jobs/{job.id}").status == 200


def newest_job(user):
    db.session.rollback()
    return db.session.scalars(sa.select(Job).where(Job.user_id == user.id).order_by(Job.id.desc())).first()


def test_a_file_that_breaks_off_is_refused_on_the_jobs_page_and_nowhere_else(school, switch, caller_of):
    switch(True)
    teacher = a_teacher()
    caller, broken = caller_of(teacher), pack_tgz(small_course())[:-2000]
    before = len(school.said())

    taken = caller.post("/restore/raw", broken, **{"X-File-Name": "tides.mbz"})
    job = newest_job(teacher)
    wait_until(lambda: now(job.id).is_over, "the file is read")
    page = parse(caller.get(json.loads(taken.text)["location"]).text)

    assert now(job.id).state == JobState.FAILED
    assert text(page.main.select_one(".slip h2")) == "This file can’t be restored"
    assert text(page.main.select_one(".slip p")).startswith("The file is cut short")
    assert "Traceback" not in text(page)
    assert "Traceback" not in school.said()[before:]


def test_a_file_that_is_no_archive_is_refused_before_it_is_kept(school, switch, caller_of):
    switch(True)
    teacher = a_teacher()

    answer = caller_of(teacher).post(
        "/restore/raw", b"%PDF-1.7" + bytes(5000), **{"X-File-Name": "tides.mbz"}
    )

    assert answer.status == 422
    assert json.loads(answer.text)["problem"].startswith("This is a PDF, not a Moodle backup.")
    assert newest_job(teacher) is None
    assert count(ArchiveFile, ArchiveFile.owner_id == teacher.id) == 0
