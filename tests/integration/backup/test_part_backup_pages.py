"""Asking for the backup of a section or an activity, in the browser and on the command line."""

import json

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_admin, make_archive, make_course, make_job, make_person, make_teacher
from tests.pages import form_data, text
from tests.restored import activity, make_subsection, section
from tests.running import restore
from webapp import places
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import ArchiveFile, CourseRole, Job, JobState


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def address(course, part):
    return f"/courses/{course.id}/{type(part).__name__.lower().replace('y', 'ie')}s/{part.id}/backup"


def first_parts(course):
    return sections_of(course.version_id)[1], activities_of(course.version_id)[0]


def test_a_section_s_menu_and_an_activity_s_lead_to_its_backup(page, course, teacher):
    week, first = first_parts(course)

    shown = page(f"/courses/{course.id}/edit")

    assert shown.find("a", href=address(course, week))
    assert shown.find("a", href=address(course, first))


def test_what_is_asked_for_becomes_a_job_of_its_own(page, client, course, teacher, in_background):
    week, _ = first_parts(course)
    form = page(address(course, week)).find("form", action=address(course, week))

    answer = client.post(address(course, week), data=form_data(form, container="zip"))

    job = db.session.query(Job).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (job.scope, job.target_id, job.course_id) == ("section", week.id, course.id)
    assert job.options == {"people": True, "files": True, "container": "zip"}


def test_people_and_files_can_stay_out(page, client, course, teacher, in_background):
    _, first = first_parts(course)
    data = form_data(page(address(course, first)).find("form", action=address(course, first)))

    client.post(address(course, first), data={key: data[key] for key in ("csrf_token", "container")})

    assert db.session.query(Job).one().options == {"people": False, "files": False, "container": "tgz"}


def test_a_packing_that_is_not_offered_is_refused(page, client, course, teacher):
    _, first = first_parts(course)
    form = page(address(course, first)).find("form", action=address(course, first))

    answer = client.post(address(course, first), data=form_data(form, container="rar"))

    assert answer.status_code == 422
    assert db.session.query(Job).count() == 0


def test_a_second_click_leads_to_the_first_job(page, client, course, teacher, in_background):
    week, first = first_parts(course)
    data = form_data(page(address(course, week)).find("form", action=address(course, week)))

    answers = [client.post(address(course, week), data=data) for _ in range(2)]
    client.post(address(course, first), data=data)

    assert answers[0].location == answers[1].location
    assert [job.scope for job in db.session.query(Job).order_by(Job.id)] == ["section", "activity"]


def test_it_is_for_those_who_may_back_the_course_up(client, course, sign_in_as):
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))

    assert [client.get(address(course, part)).status_code for part in first_parts(course)] == [403, 403]


def test_a_student_is_refused(client, course, sign_in_as):
    sign_in_as(make_person(course=course))

    assert [client.get(address(course, part)).status_code for part in first_parts(course)] == [403, 403]


def test_a_part_of_another_course_is_not_there(client, course, teacher):
    foreign = first_parts(make_course())

    assert [client.get(address(course, part)).status_code for part in foreign] == [404, 404]


def test_a_part_of_what_was_in_the_course_before_is_not_there(app, client, sign_in_as):
    teacher = sign_in_as(make_teacher())
    _, course = restore(pack_tgz(small_course()), teacher)
    old = first_parts(course)
    restore(pack_tgz(small_course()), teacher, course)

    assert [client.get(address(course, part)).status_code for part in old] == [404, 404]


def test_a_subsection_goes_only_with_its_activity(app, client, sign_in_as):
    teacher = sign_in_as(make_teacher())
    _, course = restore(pack_tgz(small_course()), teacher)
    opener, inner = make_subsection(course, teacher)

    assert client.get(address(course, inner)).status_code == 404
    assert client.get(address(course, opener)).status_code == 200


def test_the_list_says_what_is_in_each_backup(page, course, teacher):
    make_archive(teacher, course, scope="section", survey={"sections": [{"title": "Week one"}]})
    loose = {"sections": [], "loose_activities": [{"title": "Check yourself"}]}
    make_archive(teacher, course, scope="activity", survey=loose)
    make_archive(teacher, course)

    rows = [text(row) for row in page(f"/courses/{course.id}/backups").select("tbody tr")]
    mine = [text(row) for row in page("/backups").select("tbody tr")]

    assert "Whole course" in rows[0]
    assert "“Check yourself” only" in rows[1]
    assert "Section “Week one” only" in rows[2]
    assert "Section “Week one” only" in mine[2]
    assert all("Restore…" in row for row in rows)


def test_a_part_being_backed_up_says_what_it_is(page, course, teacher):
    week, _ = first_parts(course)
    job = make_job(
        teacher, course, scope="section", target_id=week.id, title="Week one", state=JobState.RUNNING
    )

    row = text(page(f"/courses/{course.id}/backups").select_one("tbody tr"))
    heading = text(page(f"/jobs/{job.id}").h1)
    warning = text(page(f"/courses/{course.id}/edit").find(id="course-warning"))

    assert "Section “Week one” only" in row
    assert heading == "Backup of the section “Week one”"
    assert "You are backing up the section “Week one” in this course since" in warning


def test_a_part_that_is_done_does_not_hide_a_course_that_failed(page, course, teacher):
    make_job(teacher, course, state=JobState.FAILED, problem="The disk is full.")
    make_archive(teacher, course, scope="activity")

    rows = page(f"/courses/{course.id}/backups").select("tbody tr")

    assert "The disk is full." in text(rows[0])


def test_the_course_page_does_not_take_a_part_for_a_backup_of_the_course(page, course, teacher):
    make_archive(teacher, course, scope="activity")

    shown = text(page(f"/courses/{course.id}/edit"))

    assert "1 kept" not in shown


# On the command line


@pytest.fixture
def kept(app):
    admin = make_admin("mira")
    _, course = restore(pack_tgz(small_course()), admin)
    return course


@pytest.mark.parametrize(
    ("words", "name"),
    [(("--section", "1"), "section-32-week_one"), (("--activity", "42"), "activity-42-page42")],
)
def test_a_command_backs_up_one_part(coursekeep, kept, words, name):
    code, out, _ = coursekeep("backup", kept.shortname, *words, "--as", "mira", "--json")

    said = json.loads(out)
    assert code == 0
    assert said["filename"].startswith(f"backup-moodle2-{name}-")
    archive = db.session.get(ArchiveFile, said["archive_id"])
    assert archive.scope == words[0].removeprefix("--")
    assert places.archive_path(archive.id).exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--section", "9"), "There is no section 9"),
        (("--activity", "32"), "There is no activity 32"),
    ],
)
def test_a_part_that_is_not_there_is_refused(coursekeep, kept, words, reason):
    code, _, errors = coursekeep("backup", kept.shortname, *words, "--as", "mira")

    assert code == 1
    assert reason in errors


def test_a_subsection_is_refused_with_the_activity_that_it_is(coursekeep, kept):
    opener, inner = make_subsection(kept, make_admin())

    code, _, errors = coursekeep("backup", kept.shortname, "--section", str(inner.number), "--as", "mira")

    assert code == 1
    assert f"--activity {opener.moodle_id}" in errors


def test_one_part_at_a_time_is_asked_for(coursekeep, kept):
    with pytest.raises(SystemExit) as stopped:
        coursekeep("backup", kept.shortname, "--section", "1", "--activity", "42", "--as", "mira")

    assert stopped.value.code == 2


def test_the_course_s_contents_are_shown_with_the_numbers_to_ask_by(coursekeep, kept):
    _, out, _ = coursekeep("show", kept.shortname)

    line = next(line for line in out.splitlines() if "Read a tide table" in line)
    assert line.split()[0] == str(section(kept, "Week one").number)
    assert str(activity(kept, "Read a tide table").moodle_id) in line.split()
