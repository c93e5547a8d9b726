"""Sections and activities go to another course, their originals into the bin, and one click undoes both."""

import pytest

from jobs.engine import importing
from jobs.engine.undo import undo_job
from jobs.problems import JobProblem
from tests.factories import join, make_course, make_person, make_teacher
from tests.pages import form_data, parse, text
from tests.running import run
from webapp.content.activities import change_activity
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course as new_course
from webapp.content.putting_back import put_back
from webapp.copies.operations import ask_for_move
from webapp.extensions import db
from webapp.models import BinEntry, CourseRole, Job, JobState, set_setting


@pytest.fixture
def teacher(in_background, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def target(teacher):
    return new_course("Harbours", "HARBOURS", None, teacher)


def names(course):
    db.session.expire_all()
    return [one.name for one in activities_of(course.version_id)]


def moved(course, part, target, teacher):
    section = sections_of(target.version_id)[0]
    job, _ = ask_for_move(course, part, target, section.id, teacher)
    return run(job)


def test_an_activity_goes_where_it_was_sent_and_comes_back_with_one_click(
    page, client, teacher, course, target
):
    before = names(course)
    activity = activities_of(course.version_id)[1]
    name, goal = activity.name, sections_of(target.version_id)[0]
    menu = page(f"/courses/{course.id}/edit").find(id=f"a{activity.id}")
    chosen = page(page(menu.select_one("a[href$=move-to]")["href"]).select_one(".acts a")["href"])

    client.post(chosen.main.form["action"], data=form_data(chosen.main.form, section_id=goal.id))
    job = run(db.session.query(Job).filter_by(kind="import").one())
    there, left = names(target), names(course)
    done = text(page(f"/jobs/{job.id}").main)
    undo_job(job)

    assert job.state == JobState.DONE, job.problem
    assert (there, sorted(left)) == ([name], sorted(one for one in before if one != name))
    assert f"“{name}” is in Harbours now." in done
    assert (names(target), names(course)) == ([], before)
    assert db.session.query(BinEntry).count() == 0


def test_what_people_did_is_counted_beforehand(page, teacher, course, target):
    forum, sheet, *_ = activities_of(course.version_id)

    said = [
        text(page(f"/courses/{course.id}/activities/{one.id}/move-to/{target.id}").main)
        for one in (forum, sheet)
    ]

    assert "Take along what everybody did The work of 1 person." in said[0]
    assert "All of it: 1 entry. It goes for good when the original leaves the bin." in said[0]
    assert "Nobody has done anything in it yet." in said[1]


def test_a_section_goes_with_all_that_is_in_it(teacher, course, target):
    section = sections_of(course.version_id)[1]
    inside = [one.name for one in activities_of(course.version_id) if one.section_id == section.id]

    job = moved(course, section, target, teacher)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert names(target) == inside
    assert section.name in [one.name for one in sections_of(target.version_id)]
    assert len(sections_of(course.version_id)) == 1


def test_what_was_edited_while_it_was_moved_stays(teacher, course, target, monkeypatch):
    activity = activities_of(course.version_id)[1]
    section = sections_of(target.version_id)[0]
    job, _ = ask_for_move(course, activity, target, section.id, teacher)
    fit_in = importing.fit_in

    def edit_and_fit_in(*given):
        change_activity(course, activities_of(course.version_id)[0], {"name": "Edited"}, teacher)
        return fit_in(*given)

    monkeypatch.setattr(importing, "fit_in", edit_and_fit_in)
    job = run(job)

    assert job.state == JobState.FAILED
    assert "was changed while this was being moved. Nothing was moved." in job.problem
    assert activity.name in names(course)
    assert names(target) == []


def test_what_can_not_come_back_is_not_taken_out(teacher, course, target):
    activity = activities_of(course.version_id)[1]
    job = moved(course, activity, target, teacher)
    put_back(course, db.session.query(BinEntry).one().id)

    with pytest.raises(JobProblem, match="not in the bin any more"):
        undo_job(job)

    assert len(names(target)) == 1


def test_what_is_put_back_by_hand_is_in_both_courses_and_is_said_to_be(page, client, teacher, course, target):
    moved(course, activities_of(course.version_id)[1], target, teacher)

    row = page(f"/courses/{course.id}/bin").tbody.tr
    answer = client.post(row.form["action"], data=form_data(row.form))
    said = text(page(answer.location))

    assert "Moved to Harbours . Put back here, it is in both courses." in text(row)
    assert row.find("a", href=f"/courses/{target.id}")
    assert "In the course that it was moved to it stays as well." in said
    assert "#" not in answer.location
    assert len(names(target)) == 1


def test_without_a_bin_nothing_is_moved(page, client, teacher, course, target):
    set_setting("bin_days", 0, by=None)
    db.session.commit()
    activity = activities_of(course.version_id)[1]
    address = f"/courses/{course.id}/activities/{activity.id}/move-to"
    section = sections_of(target.version_id)[0]

    asked = client.post(f"{address}/{target.id}", data={"section_id": section.id})
    job = moved(course, activity, target, teacher)

    assert "Nothing is kept in the bin here" in text(page(address).main)
    assert asked.status_code == 422
    assert job.state == JobState.FAILED
    assert "The move did not finish" in text(page(f"/jobs/{job.id}").main)
    assert len(names(course)) == 3


def test_it_is_for_those_who_may_change_both_courses(client, app, course, sign_in_as):
    editor = sign_in_as(make_person(course=course, course_role=CourseRole.EDITING_TEACHER))
    foreign, own = make_course(fullname="Foreign"), make_course(fullname="Own")
    join(editor, own, CourseRole.EDITING_TEACHER)
    address = f"/courses/{course.id}/activities/{activities_of(course.version_id)[0].id}/move-to"

    listed = [text(one) for one in parse(client.get(address).text).select(".acts a")]
    refused = client.get(f"{address}/{foreign.id}").status_code
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))

    assert (listed, refused) == (["Own"], 404)
    assert client.get(address).status_code == 403
