"""A restore that begins at a section or an activity: which file, and that it goes there."""

import pytest

from tests.factories import join, make_archive, make_course, make_person, make_teacher
from tests.pages import form_data, text
from tests.running import back_up_part, run
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import CourseRole, Job, JobState


@pytest.fixture
def teacher(in_background, sign_in_as):
    return sign_in_as(make_teacher())


def test_from_the_menu_of_an_activity_a_backup_goes_into_its_section(page, client, teacher, course):
    first, goal = activities_of(course.version_id)[0], sections_of(course.version_id)[1]
    there = next(one for one in activities_of(course.version_id) if one.section_id == goal.id)
    back_up_part(course, first, teacher)
    menu = page(f"/courses/{course.id}/edit").find(id=f"a{there.id}")

    shown = page(menu.select_one("a[href$=restore]")["href"])
    form = shown.select_one("form[action^='/archives/']")
    client.post(form["action"], data=form_data(form))
    job = run(db.session.query(Job).filter_by(kind="restore").order_by(Job.id.desc()).first())
    review = page(f"/restores/{job.id}?step=review")
    answer = review.find("form", class_="review")
    client.post(answer["action"], data=form_data(answer))

    assert text(shown.h1) == f"Restore into “{goal.name}”"
    assert text(shown.select_one("[aria-current=step]")) == "1 The file"
    assert f"All into “{goal.name}”" in text(review)
    assert db.session.get(Job, job.id).options | {"target": "merge", "section_id": goal.id} == (
        db.session.get(Job, job.id).options
    )
    done = run(db.session.get(Job, job.id))
    assert done.state == JobState.DONE
    assert activities_of(course.version_id)[-1].section_id == goal.id


def test_the_menus_lead_there(page, teacher, course):
    section, activity = sections_of(course.version_id)[0], activities_of(course.version_id)[0]

    edit, own = page(f"/courses/{course.id}/edit"), page(f"/courses/{course.id}/activities/{activity.id}")

    assert edit.find("a", href=f"/courses/{course.id}/restore")
    assert edit.find("a", href=f"/courses/{course.id}/sections/{section.id}/restore")
    for way in ("restore", "backup", "move", "delete"):
        assert own.find("a", href=f"/courses/{course.id}/activities/{activity.id}/{way}")
    assert own.find("form", action=f"/courses/{course.id}/activities/{activity.id}/duplicate")


def test_a_file_that_is_brought_here_is_asked_about_for_here(page, teacher, course):
    section = sections_of(course.version_id)[0]

    form = page(f"/courses/{course.id}/sections/{section.id}/restore").find(id="upload")

    assert form["data-raw"] == f"/restore/raw?course_id={course.id}&section_id={section.id}"
    assert form_data(form)["section_id"] == str(section.id)


def test_backups_of_other_courses_are_offered_below(page, teacher, course):
    other = make_course(fullname="Cliffs")
    join(teacher, other, CourseRole.EDITING_TEACHER)
    make_archive(teacher, other)

    shown = page(f"/courses/{course.id}/restore")

    assert "Whole course, Cliffs" in text(shown.find("h2", string="Your other backups").parent)


def test_it_is_for_those_who_may_restore_here(client, course, sign_in_as):
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))

    assert client.get(f"/courses/{course.id}/restore").status_code == 403


def test_what_is_not_in_the_course_is_not_there(client, teacher, course):
    strange = make_course()
    section, activity = sections_of(strange.version_id)[0], activities_of(strange.version_id)[0]
    foreign = [f"sections/{section.id}", f"activities/{activity.id}"]

    assert [client.get(f"/courses/{course.id}/{one}/restore").status_code for one in foreign] == [404, 404]
