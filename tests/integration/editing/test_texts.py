"""Texts on their way into the editor and back."""

import pytest

from tests.factories import make_activity
from tests.integration.editing import TEXT, the_form
from tests.pages import form_data
from webapp.content.lookups import sections_of
from webapp.extensions import db


def test_in_the_editor_pictures_have_addresses_of_ours(page, course, written):
    field = page(f"/courses/{course.id}/activities/{written.id}/edit").find("textarea", id="content")

    assert (
        f'src="/courses/{course.id}/embedded/{written.context_id}/mod_page/content/0/a%20b.png"' in field.text
    )
    assert field["data-editor"].endswith("/hugerte-1.0.14")
    assert field["data-pictures"] == f"/courses/{course.id}/pictures/{written.context_id}/mod_page/content/0"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_that_nobody_touched_stays_byte_for_byte(page, client, course, written, line_end):
    form = the_form(page(f"/courses/{course.id}/activities/{written.id}/edit"))
    data = form_data(form, name="Other name")

    client.post(form["action"], data=data | {"content": data["content"].replace("\n", line_end)})

    assert (written.name, written.content) == ("Other name", TEXT)


@pytest.mark.parametrize("site", ["", "http://localhost"])
def test_a_text_that_was_changed_names_its_pictures_as_moodle_does(page, client, course, written, site):
    form = the_form(page(f"/courses/{course.id}/activities/{written.id}/edit"))
    data = form_data(form)

    client.post(
        form["action"],
        data=data | {"content": data["content"].replace('src="', f'src="{site}') + "<p>New</p>"},
    )

    assert 'src="@@PLUGINFILE@@/a%20b.png"' in written.content
    assert written.content.endswith("<p>New</p>")


@pytest.mark.parametrize("format", [2, 4])
def test_a_text_without_layout_is_typed_as_it_is(page, client, course, written, format):
    written.content, written.content_format = "# Ebb\n* flood", format
    db.session.commit()
    form = the_form(page(f"/courses/{course.id}/activities/{written.id}/edit"))
    assert not form.find("textarea", id="content").has_attr("data-editor")

    client.post(form["action"], data=form_data(form, content="# Ebb\r\n* neap"))

    assert (written.content, written.content_format) == ("# Ebb\n* neap", format)


def test_only_pages_with_the_editor_allow_its_styles(client, course, written):
    editing = client.get(f"/courses/{course.id}/activities/{written.id}/edit").headers[
        "Content-Security-Policy"
    ]
    reading = client.get(f"/courses/{course.id}/activities/{written.id}").headers["Content-Security-Policy"]

    assert "style-src 'self' 'unsafe-inline'" in editing
    assert "script-src" not in editing
    assert "unsafe-inline" not in reading


def test_other_types_have_their_name_and_description_changed(page, client, course, teacher):
    quiz = make_activity(sections_of(course.version_id)[1], "quiz", "Quiz", intro="<p>Try</p>")
    form = the_form(page(f"/courses/{course.id}/activities/{quiz.id}/edit"))

    client.post(form["action"], data=form_data(form, name="Check yourself"))

    assert (quiz.name, quiz.intro) == ("Check yourself", "<p>Try</p>")


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "This is empty."), ("x" * 256, "No more than 255 letters.")]
)
def test_a_name_is_needed(page, client, course, written, typed, sentence):
    form = the_form(page(f"/courses/{course.id}/activities/{written.id}/edit"))

    answer = client.post(form["action"], data=form_data(form, name=typed, content="<p>Typed for an hour</p>"))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Typed for an hour" in answer.text
