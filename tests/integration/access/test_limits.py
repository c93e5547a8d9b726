"""What admins bound: room for backups, jobs under way, the disk, and how long jobs stay in lists."""

import io
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest

from jobs import leftovers, queue
from jobs.problems import JobRefused
from tests.archives import pack_tgz, small_course
from tests.automating import NIGHT, a_course, a_round, items, set_schedule
from tests.factories import (
    make_admin,
    make_archive,
    make_course,
    make_course_file,
    make_job,
    make_person,
    make_teacher,
)
from tests.pages import parse, text
from tests.running import answer, back_up, read_archive
from webapp import places
from webapp.extensions import db
from webapp.job_requests.quotas import quota_of, quota_of_site
from webapp.models import (
    ArchiveFile,
    ArchiveOrigin,
    ItemState,
    Job,
    JobKind,
    JobState,
    Section,
    User,
    utc_now,
)

MB = 1_000_000


@pytest.fixture
def send(client, sign_in_as, teacher):
    """Bring a file of so many bytes, as the script of the page does; none of it may be read where it is refused."""
    sign_in_as(teacher)

    def post(length):
        length_said = {"CONTENT_LENGTH": str(length)}
        return client.post(
            "/restore/raw", input_stream=io.BytesIO(b"no archive"), environ_overrides=length_said
        )

    return post


def ask(user, course, kind=JobKind.BACKUP, number=0):
    return queue.ask_for(kind, "course", course.id + number, user=user, title="Tides", course=course)


def test_a_file_that_passes_the_room_of_a_person_is_refused_before_it_is_read(decide, send, teacher):
    make_archive(teacher, make_course(), size=3 * MB)
    decide(person_quota_mb=4)

    refused = send(1 * MB + 1)

    assert refused.status_code == 422
    assert refused.json["problem"] == (
        "Your backups take 3.0 MB of the 4.0 MB that you may use, and this file has 1.0 MB. Delete backups that "
        "you no longer need, or ask an admin for more room."
    )
    assert send(1 * MB).status_code == 400  # this one is read, and broken off


def test_a_file_that_passes_the_room_of_the_site_is_refused_before_it_is_read(decide, send):
    make_archive(make_teacher(), make_course(), size=3 * MB)
    decide(site_quota_mb=4)

    refused = send(2 * MB)

    assert refused.status_code == 422
    assert refused.json["problem"].startswith(
        "All backups here take 3.0 MB of the 4.0 MB that the school keeps for them, and this file has 2.0 MB."
    )


def test_a_plain_form_is_refused_in_the_same_words(decide, client, sign_in_as, teacher):
    make_archive(teacher, make_course(), size=3 * MB)
    decide(person_quota_mb=3)
    sign_in_as(teacher)

    refused = client.post("/restore", data={"file": (io.BytesIO(b"x"), "tides.mbz")})

    assert refused.status_code == 422
    assert "Your backups take 3.0 MB of the 3.0 MB" in text(parse(refused.text).main)
    assert db.session.query(ArchiveFile).count() == 1


def test_a_person_s_room_holds_their_backups_and_what_a_restore_needs(app, teacher):
    course = make_course()
    make_archive(teacher, course, size=1)
    make_archive(teacher, course, size=20, origin=ArchiveOrigin.AUTOMATED)
    make_archive(make_teacher(), course, size=300)
    read, over, brought = (make_archive(teacher, size=size) for size in (4_000, 50_000, 600_000))
    waiting = {"kind": JobKind.RESTORE, "state": JobState.WAITING}
    make_job(teacher, scope="course", target_id=7, result={"archive_id": read.id}, **waiting)
    make_job(teacher, kind=JobKind.RESTORE, state=JobState.DONE, scope="archive", target_id=over.id)
    make_job(teacher, kind=JobKind.RESTORE, scope="archive", target_id=brought.id)

    assert quota_of(db.session(), teacher.id).used == 604_001
    assert quota_of_site(db.session()).used == 654_321


def test_no_backup_is_queued_where_no_room_is_left(decide, client, sign_in_as, teacher, course):
    make_archive(teacher, course, size=3 * MB)
    decide(person_quota_mb=3)
    before = db.session.query(Job).count()
    sign_in_as(teacher)

    section = db.session.query(Section).filter_by(version_id=course.version_id).first()
    address = f"/courses/{course.id}/sections/{section.id}/backup"
    answer = client.post(address, data={"people": "no", "container": "tgz"})

    assert answer.status_code == 422
    assert "Your backups take 3.0 MB of the 3.0 MB that you may use. Delete" in text(parse(answer.text).main)
    assert parse(answer.text).main.find("a", href="/backups")
    assert db.session.query(Job).count() == before


def test_no_backup_is_queued_that_could_not_be_kept(decide, client, sign_in_as, page, teacher, course):
    make_archive(teacher, course, size=1 * MB - 1)
    decide(person_quota_mb=1)
    before = db.session.query(Job).count()
    sign_in_as(teacher)
    address = f"/courses/{course.id}/backups/new"

    review = text(page(f"{address}?step=review"))
    answer = client.post(address, data={"everything": "1"})

    assert (
        "There is no room for this backup. Your backups take 1.0 MB of the 1.0 MB that you may use" in review
    )
    assert (answer.status_code, db.session.query(Job).count()) == (422, before)
    assert "and what you ask for has at least" in text(parse(answer.text).main)


def test_of_several_backups_those_for_which_there_is_no_room_are_named_and_the_others_made(
    decide, client, sign_in_as, page
):
    ruth = sign_in_as(make_admin("ruth"))
    weights = {"Rocks": 400_000, "Storms": 2 * MB, "Tides": 700_000, "Waves": 100_000}
    courses = [make_course(fullname=name) for name in weights]
    for course, size in zip(courses, weights.values(), strict=True):
        make_course_file(course, "film.mp4", filesize=size, mimetype="video/mp4")
    decide(person_quota_mb=1, async_jobs=True)

    client.post("/courses/manage", data={"deed": "back up", "courses": [one.id for one in courses]})

    jobs = db.session.query(Job).filter_by(user_id=ruth.id).order_by(Job.id)
    assert [job.title for job in jobs] == ["Rocks", "Waves"]
    told = text(page("/courses/manage").main)
    assert "2 courses are to be backed up." in told
    assert "No room for a backup: “Storms”, “Tides”. Your backups take 0 bytes of the 1.0 MB" in told
    assert "and what you ask for has at least 3.2 MB. Delete backups that you no longer need" in told


def test_several_backups_at_once_are_asked_for_as_long_as_there_is_room(decide, client, sign_in_as, page):
    ruth = sign_in_as(make_admin("ruth"))
    courses = [make_course(fullname=name) for name in ("Rocks", "Tides")]
    decide(jobs_per_person=1, async_jobs=True, backup_people="no", backup_files=False)

    client.post("/courses/manage", data={"deed": "back up", "courses": [one.id for one in courses]})

    (job,) = db.session.query(Job).filter_by(user_id=ruth.id)
    assert (job.title, job.options["people"], job.options["files"]) == ("Rocks", False, False)
    told = text(page("/courses/manage").main)
    assert "1 course is to be backed up." in told
    assert "You have 1 job under way" in told
    assert "“Tides”" in told


def test_a_backup_that_turns_out_too_large_fails_and_leaves_nothing(decide, teacher, course):
    decide(person_quota_mb=1)
    make_archive(teacher, course, size=1 * MB - 100)

    job, path = back_up(course, teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert job.problem.startswith(
        "Your backups take 1.0 MB of the 1.0 MB that you may use, and this backup has "
    )
    assert not list(places.scratch().glob("*.part"))
    assert db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.BACKUP).count() == 1


def test_automatic_backups_keep_to_the_room_of_the_site_alone(decide):
    ruth = make_admin("ruth")
    a_course(ruth)
    set_schedule(ruth, skip_unchanged=False)
    make_archive(ruth, make_course(content=()), size=5 * MB)
    decide(person_quota_mb=5, site_quota_mb=0)

    a_round(NIGHT)
    decide(site_quota_mb=5)
    a_round(NIGHT + timedelta(days=1))

    tides = [one for one in items() if one.title == "Reading the tide"]
    assert [one.state for one in tides] == [ItemState.DONE, ItemState.FAILED]
    assert "that the school keeps for them" in tides[1].reason


def test_the_page_of_backups_says_how_much_room_they_take(decide, sign_in_as, page, teacher):
    make_archive(teacher, make_course(), size=700_000)
    sign_in_as(teacher)

    free = text(page("/backups"))
    decide(person_quota_mb=1)
    bounded = text(page("/backups"))
    make_archive(teacher, make_course(), size=200_000)

    assert "You use 700 kB" in free
    assert "You use 700 kB of your 1.0 MB" in bounded
    assert "There is little room left" not in bounded
    assert "There is little room left for your backups." in text(page("/backups"))


def test_the_page_of_limits_says_how_much_is_used(sign_in_as, page, teacher):
    make_archive(teacher, make_course(), size=700_000)
    sign_in_as(make_admin())

    assert "They take 700 kB now." in text(page("/settings/limits").main)


def test_a_person_has_only_so_many_jobs_under_way(decide, teacher):
    course = make_course()
    decide(jobs_per_person=2)
    make_job(teacher, kind=JobKind.MAIL, target_id=1)
    make_job(teacher, course, state=JobState.DONE)
    first, _ = ask(teacher, course)
    make_job(teacher, kind=JobKind.RESTORE, state=JobState.WAITING, target_id=5)

    with pytest.raises(JobRefused) as refused:
        ask(teacher, course, number=1)

    assert "You have 2 jobs under way, and more are not taken at a time." in str(refused.value)
    assert ask(teacher, course) == (first, False)  # a second click still finds the first one's
    assert ask(make_person(), course)[1]
    queue.cancel(first.id)
    assert ask(teacher, course)[1]


def test_a_file_is_not_taken_either_while_too_many_jobs_are_under_way(decide, send, teacher):
    decide(jobs_per_person=1)
    make_job(teacher, make_course())

    assert "You have 1 job under way" in send(10).json["problem"]


def test_whoever_has_too_many_jobs_is_told_so_on_a_page(decide, client, sign_in_as, teacher, course):
    decide(jobs_per_person=1)
    make_job(teacher, make_course())
    sign_in_as(teacher)

    answer = client.post(f"/courses/{course.id}/copy", data={"fullname": "Tides", "shortname": "TIDE 9"})

    shown = parse(answer.text)
    assert (answer.status_code, text(shown.h1)) == (422, "Not now")
    assert "You have 1 job under way" in text(shown.main)


def test_the_disk_keeps_as_much_room_as_an_admin_wants(decide, send, teacher, course, monkeypatch):
    usage = namedtuple("usage", "total used free")(100, 40, 600 * MB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert send(10).status_code != 507
    decide(spare_mb=600)
    assert send(10).status_code == 507
    job, _ = back_up(course, teacher)
    assert "The school’s disk is too full" in job.problem


def test_a_file_that_unpacks_to_too_much_is_refused(decide, teacher):
    big = small_course() | {"files/aa/" + "a" * 40: b"\0" * 3 * MB}
    decide(unpacked_limit_mb=2)

    refused = read_archive(pack_tgz(big), teacher)
    decide(unpacked_limit_mb=4)
    read = read_archive(pack_tgz(big), teacher)

    assert (refused.state, read.state) == (JobState.FAILED, JobState.WAITING)
    assert refused.problem == (
        "Unpacked, the archive is larger than 2.0 MB, more than this site takes. An admin can allow more."
    )


def test_what_was_made_here_is_read_however_large_it_is(decide, teacher):
    big = small_course() | {"files/aa/" + "a" * 40: b"\0" * 3 * MB}
    job = read_archive(pack_tgz(big), teacher)
    archive = db.session.get(ArchiveFile, job.result["archive_id"])
    queue.cancel(job.id)
    archive.origin = ArchiveOrigin.BACKUP
    decide(unpacked_limit_mb=1)

    again, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=teacher, title="Tides")

    queue.run_claimed(again.id)
    db.session.rollback()
    assert db.session.get(Job, again.id, populate_existing=True).state == JobState.WAITING


@pytest.mark.parametrize(("job_days", "undo_days", "stays"), [(30, 7, False), (30, 41, True), (41, 7, True)])
def test_jobs_that_are_over_stay_for_the_days_that_an_admin_says(decide, teacher, job_days, undo_days, stays):
    decide(job_days=job_days, undo_days=undo_days)
    ended = utc_now() - timedelta(days=40)
    old = make_job(teacher, make_course(), state=JobState.FAILED, finished_at=ended)
    waiting = make_job(teacher, kind=JobKind.RESTORE, state=JobState.WAITING, target_id=8, finished_at=ended)

    leftovers.clear()

    left = {job.id for job in db.session.query(Job)}
    assert left == ({old.id, waiting.id} if stays else {waiting.id})


def test_an_archive_is_refused_at_the_command_line_in_the_same_words(decide, coursekeep, teacher, tmp_path):
    make_archive(teacher, make_course(), size=3 * MB)
    decide(person_quota_mb=3)
    (tmp_path / "tides.mbz").write_bytes(pack_tgz(small_course()))

    code, _, errors = coursekeep("restore", str(tmp_path / "tides.mbz"), "--as", teacher.username)

    assert code == 1
    assert errors.startswith("Your backups take 3.0 MB of the 3.0 MB that you may use, and this file has")
    assert db.session.query(ArchiveFile).count() == 1
    assert not [one for one in places.scratch().iterdir() if one.is_file()]


def test_a_restore_that_was_read_goes_on_whatever_its_file_takes(decide, teacher):
    job = read_archive(pack_tgz(small_course()), teacher)
    make_archive(teacher, make_course(), size=3 * MB)
    decide(person_quota_mb=1, site_quota_mb=1)

    assert answer(job).state == JobState.DONE
    assert db.session.get(User, teacher.id)
