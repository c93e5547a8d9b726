"""Editing a course in the browser: what each form and button does, without any script."""

import pytest

from tests.factories import join, make_activity, make_archive, make_course, make_section, make_teacher
from tests.integration.editing import the_form
from tests.pages import form_data, text
from webapp.content import activities
from webapp.content.edit import ContentChanged
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import Activity, Course, CourseRole, Section


def press(client, soup, words):
    """Press the button with these words, as a browser would: all of them belong to one form."""
    button = next(one for one in soup.select("button[form=deeds]") if text(one) == words)
    return client.post(button["formaction"], data={button["name"]: button["value"]})


def two_activities(course):
    section = sections_of(course.version_id)[1]
    return make_activity(section, "page", "First"), make_activity(section, "page", "Second")


def test_an_arrow_moves_an_activity_and_keeps_the_keyboard_there(page, client, course, teacher):
    first, second = two_activities(course)

    answer = press(client, page(f"/courses/{course.id}/edit"), "Move “First” down")

    assert [one.name for one in activities_of(course.version_id)] == ["Second", "First"]
    there = page(answer.location.partition("#")[0])
    row = there.find(id=f"a{first.id}")
    assert "just-moved" in row["class"]
    assert text(row.find(autofocus=True)) == "Move “First” down"
    press(client, there, "Move “First” up")
    assert [one.name for one in activities_of(course.version_id)] == [first.name, second.name]


def test_an_activity_moves_to_another_section_by_a_choice(page, client, course, teacher):
    first, _ = two_activities(course)
    last = sections_of(course.version_id)[2]
    form = the_form(page(f"/courses/{course.id}/activities/{first.id}/move"))

    answer = client.post(form["action"], data=form_data(form, section_id=last.id))

    assert answer.status_code == 303
    assert first.section_id == last.id


def test_a_section_of_another_course_takes_nothing(client, course, teacher):
    first, _ = two_activities(course)
    other = make_section(make_course("OTHER"))

    answer = client.post(f"/courses/{course.id}/activities/{first.id}/move", data={"section_id": other.id})

    assert answer.status_code == 404
    assert first.section_id != other.id


def test_an_activity_is_hidden_and_shown(page, client, course, written):
    press(client, page(f"/courses/{course.id}/edit"), "Hide from pupils")
    assert sections_of(course.version_id)[0].visible == 0
    answer = client.post(f"/courses/{course.id}/activities/{written.id}/visibility", data={"visible": "0"})

    assert answer.location == f"/courses/{course.id}/edit#a{written.id}"
    assert written.visible == 0
    client.post(f"/courses/{course.id}/activities/{written.id}/visibility", data={"visible": "1"})
    assert written.visible == 1


def test_deleting_asks_first_and_says_what_goes(page, client, course, written, teacher):
    make_archive(teacher, course)
    address = f"/courses/{course.id}/activities/{written.id}/delete"

    soup = page(address)
    assert "Delete “Read me”?" in text(soup.h1)
    assert "The backup of today" in text(soup.main)
    assert activities_of(course.version_id) != []

    form = the_form(soup)
    assert client.post(form["action"], data=form_data(form)).status_code == 303
    assert activities_of(course.version_id) == []


def test_without_a_backup_that_is_said(page, course, written):
    assert "There is no backup" in page(f"/courses/{course.id}/activities/{written.id}/delete").text


def test_a_section_is_made_changed_and_moved(page, client, course, teacher):
    form = the_form(page(f"/courses/{course.id}/sections/new"))
    client.post(form["action"], data=form_data(form, name="Week three", summary="<p>Neap</p>"))
    section = db.session.query(Section).filter_by(name="Week three").one()
    assert (section.number, section.summary) == (3, "<p>Neap</p>")

    form = the_form(page(f"/courses/{course.id}/sections/{section.id}/edit"))
    client.post(form["action"], data=form_data(form, name="Neap tides"))
    assert (section.name, section.summary) == ("Neap tides", "<p>Neap</p>")

    menu = page(f"/courses/{course.id}/edit").select("section.section")[3]
    press(client, menu, "Move up")
    assert section.number == 2


def test_a_section_is_deleted_after_a_question(page, client, course, teacher):
    two_activities(course)
    section = sections_of(course.version_id)[1]
    address = f"/courses/{course.id}/sections/{section.id}/delete"

    soup = page(address)
    assert "2 activities" in text(soup.main)

    form = the_form(soup)
    client.post(form["action"], data=form_data(form))
    assert activities_of(course.version_id) == []
    assert len(sections_of(course.version_id)) == 2


def test_the_section_on_top_is_not_deleted_whoever_asks(page, client, course, teacher):
    top = sections_of(course.version_id)[0]

    answer = client.post(f"/courses/{course.id}/sections/{top.id}/delete")

    assert answer.status_code == 303
    assert "The section on top stays where it is" in page(answer.location).text
    assert len(sections_of(course.version_id)) == 3


def test_settings_are_changed(page, client, course, teacher):
    form = the_form(page(f"/courses/{course.id}/settings"))

    answer = client.post(
        form["action"],
        data=form_data(
            form,
            fullname="Tides again",
            start="2026-09-01",
            end="2027-07-01",
            idnumber="9",
            summary="<p>x</p>",
        ),
    )

    assert answer.status_code == 303
    assert (course.fullname, course.idnumber, course.version.summary) == ("Tides again", "9", "<p>x</p>")
    assert (course.start_date, course.end_date) == (1788220800, 1814400000)


def test_a_day_that_stays_keeps_its_time_of_day(page, client, course, teacher):
    course.start_date = 1788220800 + 37_000
    db.session.commit()
    form = the_form(page(f"/courses/{course.id}/settings"))

    client.post(form["action"], data=form_data(form, fullname="Other"))

    assert course.start_date == 1788220800 + 37_000


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"fullname": ""}, "This is empty."),
        ({"shortname": "TAKEN"}, "Another course has this short name."),
        ({"start": "2026-09-01", "end": "2026-08-01"}, "It ends before it begins."),
    ],
)
def test_settings_that_cant_be_come_back(page, client, course, teacher, typed, sentence):
    make_course("TAKEN")
    form = the_form(page(f"/courses/{course.id}/settings"))

    answer = client.post(form["action"], data=form_data(form, **typed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert course.shortname == "GEO 9"


def test_a_course_is_deleted_once_its_name_is_typed(page, client, course, sign_in_as):
    manager = make_teacher()
    join(manager, course, CourseRole.MANAGER)
    sign_in_as(manager)
    form = the_form(page(f"/courses/{course.id}/delete"))

    refused = client.post(form["action"], data=form_data(form, typed="GEO"))
    assert refused.status_code == 422
    assert "Type GEO 9 as it stands here." in refused.text
    assert db.session.query(Course).count() == 1

    assert client.post(form["action"], data=form_data(form, typed="GEO 9")).location == "/"
    assert db.session.query(Course).count() == 0


def test_what_was_deleted_meanwhile_says_so(client, course, written, monkeypatch):
    def gone(*_arguments, **_more):
        raise ContentChanged

    monkeypatch.setattr(activities, "show_activity", gone)

    answer = client.post(f"/courses/{course.id}/activities/{written.id}/visibility", data={"visible": "0"})

    assert answer.status_code == 409
    assert "Something changed meanwhile" in answer.text
    assert db.session.query(Activity).count() == 1
