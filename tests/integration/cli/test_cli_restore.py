"""`coursekeep restore` and `undo`: into a course, a look first, and back again."""

import json
import logging
from datetime import date, datetime

import pytest

from tests.archives import pack_tgz, save, small_course
from tests.dated_course import START, moved
from tests.factories import make_admin
from tests.restored import restored
from webapp.cli import main
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import Course, Job, JobState


@pytest.fixture
def school(app, instance, capsys, tmp_path):
    """Run a command about a file with the small course; returns its exit code, output and errors."""
    file = str(save(tmp_path / "course.mbz", pack_tgz(small_course())))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(name, *words):
        given = ["restore", file, "--as", "ada", *words] if name == "restore" else [name, *words]
        code = main(["--instance", str(instance), *given])
        db.session.rollback()
        return code, *capsys.readouterr()

    yield run
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


@pytest.fixture
def course(app):
    return restored(make_admin("ada"))


def count(course):
    return len(activities_of(db.session.get(Course, course.id).version_id))


def test_a_file_is_added_to_a_course_and_goes_out_again(school, course):
    code, out, _ = school("restore", "--into", "TIDE1", "--merge", "--json")
    said = json.loads(out)
    assert (code, said["state"], said["course"], count(course)) == (0, "done", course.id, 6)

    code, out, _ = school("undo", str(said["job"]), "--json")

    assert (code, json.loads(out)) == (0, {"job": said["job"], "course": course.id, "undone": True})
    assert count(course) == 3


def test_a_replacement_goes_back_as_well(school, course):
    version = course.version_id
    _, out, _ = school("restore", "--into", "TIDE1", "--replace", "--no-users", "--json")

    code, out, _ = school("undo", str(json.loads(out)["job"]))

    assert code == 0
    assert "is as it was" in out
    assert db.session.get(Course, course.id).version_id == version


def test_all_of_it_goes_into_one_section(school, course):
    school("restore", "--into", "TIDE1", "--merge", "--into-section", "0")

    top = sections_of(course.version_id)[0]
    assert sum(one.section_id == top.id for one in activities_of(course.version_id)) == 4


def test_sections_go_behind_the_others(school, course):
    school("restore", "--into", "TIDE1", "--merge", "--append")

    assert len(sections_of(course.version_id)) == 4


def test_a_second_time_is_refused_unless_it_is_meant(school, course):
    school("restore", "--into", "TIDE1", "--merge")

    refused, _, errors = school("restore", "--into", "TIDE1", "--merge")
    meant, _, _ = school("restore", "--into", "TIDE1", "--merge", "--again")

    assert (refused, meant, count(course)) == (1, 0, 9)
    assert "added to this course before" in errors


def test_a_look_says_what_would_happen_and_does_nothing(school, course):
    code, out, _ = school("restore", "--into", "TIDE1", "--merge", "--dry-run", "--json")

    assert code == 0
    said = json.loads(out)
    assert (said["target"], said["added"]["activities"], said["matched"]["people"]) == ("merge", 3, 2)
    assert count(course) == 3
    assert [job.state for job in db.session.query(Job).order_by(Job.id)][-1] == JobState.CANCELLED


def test_a_look_in_words(school, course):
    code, out, _ = school("restore", "--dry-run")

    assert code == 0
    assert "Added: 2 sections, 3 activities, 2 files" in out
    assert "Replaced: nothing." in out
    assert "Set: shortname to “TIDE1_1”." in out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--into", "TIDE1"], "--replace or --merge"),
        (["--merge"], "--replace or --merge"),
        (["--into", "TIDE1", "--replace", "--into-section", "1"], "go with --merge"),
        (["--into", "TIDE1", "--merge", "--into-section", "7"], "section 7 in “TIDE1”"),
        (["--dry-run", "--queue"], "--dry-run"),
    ],
)
def test_what_does_not_go_together_is_refused(school, course, words, reason):
    code, _, errors = school("restore", *words)

    assert code == 1
    assert reason in errors
    assert count(course) == 3


def test_what_was_edited_since_is_not_undone(school, course):
    _, out, _ = school("restore", "--into", "TIDE1", "--merge", "--json")
    page = activities_of(course.version_id)[-1]
    page.name = "Edited"
    db.session.commit()

    code, _, errors = school("undo", str(json.loads(out)["job"]))

    assert code == 1
    assert "“Edited” was edited since" in errors


def test_a_job_that_changed_nothing_can_not_be_undone(school, course):
    _, out, _ = school("restore", "--json")

    code, _, errors = school("undo", str(json.loads(out)["job"]))

    assert code == 1
    assert "nothing that could be put back" in errors


def test_a_new_start_date_is_shown_and_moves_the_course(school):
    make_admin("ada")
    days = (date(2026, 9, 7) - datetime.fromtimestamp(START).date()).days

    code, said, _ = school("restore", "--start-date", "2026-09-07", "--dry-run")
    _, as_json, _ = school("restore", "--start-date", "2026-09-07", "--dry-run", "--json")
    school("restore", "--start-date", "2026-09-07")

    assert code == 0
    assert f"Dates: 1 date moved by {days} days." in said
    assert "- Course “Reading the tide”: begins" in said
    assert json.loads(as_json)["dates"]["offset_days"] == days
    assert db.session.query(Course).one().start_date == moved(START, days)


def test_a_start_date_that_is_no_day_is_not_understood(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["restore", "course.mbz", "--as", "ada", "--start-date", "soon"])

    assert ended.value.code == 2
    assert "This is no date. Write it as year, month and day: 2026-09-07." in capsys.readouterr().err
