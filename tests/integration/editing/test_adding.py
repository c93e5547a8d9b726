"""Adding a page, a text, a link, a file and a folder, without any script."""

import io

import pytest

from tests.factories import make_activity
from tests.integration.editing import PNG, the_form
from tests.pages import form_data, text
from webapp.content.files import content_of, files_at
from webapp.content.lookups import activities_of, sections_of


def add(course, kind):
    return f"/courses/{course.id}/sections/{sections_of(course.version_id)[1].id}/add/{kind}"


def only_activity(course):
    (activity,) = activities_of(course.version_id)
    return activity


def test_what_can_be_added_is_offered(page, course, teacher):
    soup = page(add(course, "").rstrip("/"))

    assert [text(link) for link in soup.select(".acts a")] == ["Page", "Text", "File", "Folder", "Link"]


def test_nothing_else_can(client, course, teacher):
    assert client.get(add(course, "quiz")).status_code == 404


def test_a_page_is_made(page, client, course, teacher):
    form = the_form(page(add(course, "page")))

    answer = client.post(
        form["action"], data=form_data(form, name="Tides", content="<p>Ebb</p>", intro="<p>Read</p>")
    )

    activity = only_activity(course)
    assert answer.location == f"/courses/{course.id}/edit#a{activity.id}"
    assert (activity.type, activity.name, activity.content, activity.intro) == (
        "page",
        "Tides",
        "<p>Ebb</p>",
        "<p>Read</p>",
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("<p>Bring a notebook</p>", "Bring a notebook"),
        ("<p>" + "tide " * 30 + "</p>", "tide tide tide tide tide tide tide tide tide tide…"),
        ('<p><img src="x"></p>', "Picture"),
    ],
)
def test_a_text_goes_by_its_first_words(page, client, course, teacher, typed, name):
    form = the_form(page(add(course, "label")))

    assert client.post(form["action"], data=form_data(form, intro=typed)).status_code == 303

    assert only_activity(course).name == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("tides.example/a?b=1", "https://tides.example/a?b=1"),
        ("mailto:a@school.example", "mailto:a@school.example"),
    ],
)
def test_a_link_is_made(page, client, course, teacher, typed, kept):
    form = the_form(page(add(course, "url")))

    assert (
        client.post(form["action"], data=form_data(form, name="Tables", external_url=typed)).status_code
        == 303
    )

    assert only_activity(course).external_url == kept


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,x", "https://", "a b"]
)
def test_a_link_leads_to_a_page_or_a_mailbox(page, client, course, teacher, typed):
    form = the_form(page(add(course, "url")))

    answer = client.post(form["action"], data=form_data(form, name="Tables", external_url=typed))

    assert answer.status_code == 422
    assert "no address that a browser could open" in answer.text
    assert activities_of(course.version_id) == []


def test_a_file_is_made_and_replaced(page, client, course, teacher):
    form = the_form(page(add(course, "resource")))
    data = form_data(form, name="Map") | {"file": (io.BytesIO(PNG), "map.png")}
    client.post(form["action"], data=data, content_type="multipart/form-data")
    activity = only_activity(course)

    form = the_form(page(f"/courses/{course.id}/activities/{activity.id}/edit"))
    data = form_data(form) | {"file": (io.BytesIO(b"Text"), "map.txt")}
    client.post(form["action"], data=data, content_type="multipart/form-data")

    names = [row.filename for row in files_at(course.version_id, content_of(activity)) if not row.is_folder]
    assert names == ["map.txt"]


def test_a_file_that_is_not_replaced_stays(page, client, course, teacher):
    form = the_form(page(add(course, "resource")))
    data = form_data(form, name="Map") | {"file": (io.BytesIO(PNG), "map.png")}
    client.post(form["action"], data=data, content_type="multipart/form-data")
    activity = only_activity(course)

    form = the_form(page(f"/courses/{course.id}/activities/{activity.id}/edit"))
    client.post(form["action"], data=form_data(form, name="Chart"), content_type="multipart/form-data")

    assert only_activity(course).name == "Chart"
    assert any(row.filename == "map.png" for row in files_at(course.version_id, content_of(activity)))


def test_a_file_has_to_be_chosen(page, client, course, teacher):
    form = the_form(page(add(course, "resource")))

    answer = client.post(form["action"], data=form_data(form, name="Map"), content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_folder_is_filled_emptied_and_has_folders(page, client, course, teacher):
    form = the_form(page(add(course, "folder")))
    data = form_data(form, name="Maps") | {"files": [(io.BytesIO(PNG), "a.png"), (io.BytesIO(PNG), "b.png")]}
    client.post(form["action"], data=data, content_type="multipart/form-data")
    files = f"/courses/{course.id}/activities/{only_activity(course).id}/files"

    there = client.post(files.replace("/files", "/folders"), data={"name": "Day one"}).location
    client.post(there, data={"files": [(io.BytesIO(PNG), "c.png")]}, content_type="multipart/form-data")
    inside = page(there)
    assert [text(link) for link in inside.select(".acts .what a")] == ["c.png"]
    for name in ("a.png", "Day one"):
        bin_of = next(link for link in page(files).select(".tools a") if name in text(link))
        confirm = the_form(page(bin_of["href"]))
        assert client.post(confirm["action"], data=form_data(confirm)).status_code == 303

    assert [text(link) for link in page(files).select(".acts .what a")] == ["b.png"]


def test_a_folder_that_is_not_there_has_no_page(client, course, teacher):
    activity = make_activity(sections_of(course.version_id)[1], "folder", "Maps")

    assert client.get(f"/courses/{course.id}/activities/{activity.id}/files?folder=/none/").status_code == 404


def test_what_is_no_folder_has_no_files_page(client, course, teacher):
    activity = make_activity(sections_of(course.version_id)[1], "page", "Tides")

    assert client.get(f"/courses/{course.id}/activities/{activity.id}/files").status_code == 404
