"""What came in with an archive goes out with the next one."""

import pytest

from jobs.archive.survey import survey
from tests.archives import pack_tgz, pack_zip, save, small_course
from tests.corpus import CORPUS, COURSES, compare, corpus_file
from tests.demands import faults
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, restore
from webapp.models import JobState


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
@pytest.mark.parametrize("people", [True, False])
def test_a_course_comes_out_as_it_came_in(app, pack, people):
    teacher, members = make_teacher(), small_course(people=people)

    _, course = restore(pack(members), teacher)
    job, path = back_up(course, teacher)

    assert job.state == JobState.DONE, job.problem
    assert same_documents(members, members_of(path)) == []


def test_a_zip_is_written_where_a_zip_is_asked_for(app):
    teacher, members = make_teacher(), small_course()
    _, course = restore(pack_tgz(members), teacher)

    _, path = back_up(course, teacher, container="zip")

    assert survey(path).container == "zip"
    assert same_documents(members, members_of(path)) == []


def test_two_rounds_are_as_good_as_one(app, tmp_path):
    teacher, members = make_teacher(), small_course()
    _, course = restore(pack_tgz(members), teacher)
    _, first = back_up(course, teacher)

    _, again = restore(first.read_bytes(), teacher)
    _, second = back_up(again, teacher)

    assert same_documents(members, members_of(second)) == []


@pytest.mark.parametrize("name", COURSES)
def test_a_real_course_comes_out_as_it_came_in(app, name):
    original, teacher = corpus_file(name), make_teacher()
    damaged = {(problem.entry or "").rpartition("/")[2] for problem in survey(original).problems}

    _, course = restore(original.read_bytes(), teacher)
    job, path = back_up(course, teacher)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    differences = [row for row in compare(original, path) if row["a"] not in damaged]
    assert differences == []
    wrong = [one for one in faults(path) if not one.startswith("no content of")]
    assert wrong == [], "Moodle would not take it"


def test_the_archives_of_real_moodles_have_what_their_reader_demands():
    archives = [
        CORPUS / f"{name}.mbz" for name in COURSES if name.startswith(("generated", "tide101", "real-3.3"))
    ]
    if not CORPUS.exists():
        pytest.skip("the real archives are not at hand")

    found = {path.name: faults(path) for path in archives}

    # Moodle lists a person whom it has left out.
    assert found.pop("tide101-4.5-no-users.mbz") == ["course lists user ['1033'] who is nowhere"]
    assert not any(found.values()), found


def test_without_people_nobody_of_the_course_is_named(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course(people=True)), teacher)

    _, path = back_up(course, teacher, people=False)

    names = ("Amina", "amina", "Tomás", "tomas")
    found = [name for name, content in members_of(path).items() for one in names if one.encode() in content]
    assert found == []
    assert not survey(path).with_people


def test_a_restore_without_people_keeps_none(app):
    teacher = make_teacher()

    _, course = restore(pack_tgz(small_course(people=True)), teacher, people=False)
    _, path = back_up(course, teacher, people=True)

    assert "users.xml" not in members_of(path)


def test_what_is_left_out_is_not_in_the_backup(app, tmp_path):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    _, path = back_up(course, teacher, leave_out={"sections": [], "activities": [43]})

    members = members_of(path)
    assert not [name for name in members if name.startswith("activities/resource_43/")]
    assert b"handout.txt" not in members["files.xml"]
    assert "gradebook.xml" in members
    assert "completion.xml" not in members
    assert [one.title for one in survey(path).sections] == ["General", "Week one"]


def test_a_section_goes_with_its_activities(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    _, path = back_up(course, teacher, leave_out={"sections": [32], "activities": []})

    directories = {name.split("/")[1] for name in members_of(path) if name.startswith("activities/")}
    assert directories == {"forum_41"}


def test_without_files_the_list_stays_and_the_contents_go(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    _, path = back_up(course, teacher, files=False)

    members = members_of(path)
    assert b"handout.txt" in members["files.xml"]
    assert not [name for name in members if name.startswith("files/")]
    assert b"<include_files>0</include_files>" in members["moodle_backup.xml"]


def test_a_file_that_is_missing_is_named_and_the_rest_restored(app):
    teacher, members = make_teacher(), small_course()
    gone = next(name for name in members if name.startswith("files/"))
    del members[gone]

    job, course = restore(pack_tgz(members), teacher)

    assert job.state == JobState.WARNED
    assert course is not None
    assert any("harbour map.png" in warning for warning in job.warnings)


@pytest.mark.parametrize("with_content", [True, False])
def test_a_reference_to_a_file_elsewhere_goes_with_its_content_if_it_came_with_it(app, with_content):
    teacher, members = make_teacher(), small_course()
    rows = members["files.xml"]
    members["files.xml"] = rows.replace(b"<reference>$@NULL@$<", b"<reference>chart 7<")
    assert members["files.xml"] != rows
    if not with_content:
        members = {name: content for name, content in members.items() if not name.startswith("files/")}

    _, course = restore(pack_tgz(members), teacher)
    job, path = back_up(course, teacher)

    assert job.state == JobState.DONE, job.warnings
    assert same_documents(members, members_of(path)) == []


def test_a_backup_of_a_course_with_a_missing_file_says_so(app):
    teacher, members = make_teacher(), small_course()
    del members[next(name for name in members if name.startswith("files/"))]
    _, course = restore(pack_tgz(members), teacher)

    job, path = back_up(course, teacher)

    assert job.state == JobState.WARNED
    assert any("harbour map.png" in warning for warning in job.warnings)
    assert save(path, path.read_bytes()).exists()
