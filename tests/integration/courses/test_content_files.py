"""Files of resources and folders, and pictures in texts."""

import base64
import io

import pytest

from tests.restored import activity, backed_up, restored, section
from webapp import places
from webapp.content import activities, filing
from webapp.content.course_settings import change_course
from webapp.content.edit import EditRefused
from webapp.content.files import content_of, file_at, files_at, summary_of
from webapp.extensions import db
from webapp.models import CourseFile

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
PASTED = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.fixture
def course(office):
    return restored(office)


@pytest.fixture
def folder(course, office):
    week = section(course, "Week one")
    return activities.make_activity(course, week, "folder", {"name": "Maps", "intro": ""}, office)


def test_pasted_pictures_become_files_of_the_text(course, office):
    page = activity(course, "Read a tide table")
    text = f'<p><img src="{PASTED}" alt="a"> and <img alt="b" src="{PASTED}"></p>'

    activities.change_activity(course, page, {"content": text}, office)

    assert page.content == (
        '<p><img src="@@PLUGINFILE@@/picture.png" alt="a"> and '
        '<img alt="b" src="@@PLUGINFILE@@/picture%20%282%29.png"></p>'
    )
    row = file_at(course.version_id, content_of(page), "picture (2).png")
    assert places.storage().path(row.stored_hash).read_bytes() == PNG
    assert b"picture (2).png" in backed_up(course, office)["files.xml"]


def test_what_only_claims_to_be_a_picture_stays_in_the_text(course, office):
    page = activity(course, "Read a tide table")

    activities.change_activity(course, page, {"content": '<img src="data:image/png;base64,A==B">'}, office)

    assert page.content == '<img src="data:image/png;base64,A==B">'
    assert [row.filename for row in files_at(course.version_id, content_of(page))] == ["harbour map.png"]


def test_the_file_of_a_resource_is_replaced(course, office):
    handout = activity(course, "How to fold a chart")

    filing.set_main_file(course, handout, filing.Upload("new.txt", io.BytesIO(b"Fold it twice.")), office)

    rows = [row for row in files_at(course.version_id, content_of(handout)) if not row.is_folder]
    assert [(row.filename, row.is_sound) for row in rows] == [("new.txt", True)]
    assert places.storage().path(rows[0].stored_hash).read_bytes() == b"Fold it twice."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\maps\\harbour.png", "harbour.png"),
        ("../../etc/passwd", "passwd"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("..", "file"),
        ("", "file"),
        ("é" * 300 + ".png", "é" * 196 + ".png"),
        ("line\nbreak.txt", "line_break.txt"),
    ],
)
def test_names_of_files_are_made_fit_to_keep(course, office, sent, kept):
    handout = activity(course, "How to fold a chart")

    filing.set_main_file(course, handout, filing.Upload(sent, io.BytesIO(b"x")), office)

    assert file_at(course.version_id, content_of(handout), kept) is not None


def test_a_name_that_a_folder_has_already_gets_a_number(course, office, folder):
    for _ in range(2):
        filing.add_to_folder(course, folder, [filing.Upload("map.png", io.BytesIO(PNG))], office)

    names = [row.filename for row in files_at(course.version_id, content_of(folder))]
    assert names == [".", "map (2).png", "map.png"]


def test_a_folder_inside_goes_with_what_is_in_it(course, office, folder):
    inner = filing.make_subfolder(course, folder, "Day one")
    deeper = filing.make_subfolder(course, folder, "Morning", folder=inner)
    filing.add_to_folder(course, folder, [filing.Upload("map.png", io.BytesIO(PNG))], office, folder=deeper)
    filing.add_to_folder(course, folder, [filing.Upload("top.png", io.BytesIO(PNG))], office)

    filing.delete_file(course, folder, file_at(course.version_id, content_of(folder), "Day one/."))

    left = [(row.filepath, row.filename) for row in files_at(course.version_id, content_of(folder))]
    assert left == [("/", "."), ("/", "top.png")]


def test_a_file_of_another_activity_cant_be_deleted_through_a_folder(course, folder):
    picture = file_at(course.version_id, content_of(activity(course, "Read a tide table")), "harbour map.png")

    with pytest.raises(EditRefused, match="does not belong"):
        filing.delete_file(course, folder, picture)

    assert db.session.get(CourseFile, picture.id) is not None


@pytest.mark.parametrize("name", ["", "  "])
def test_a_folder_needs_a_name(course, folder, name):
    with pytest.raises(EditRefused, match="needs a name"):
        filing.make_subfolder(course, folder, name)


def test_a_picture_in_the_summary_is_a_file_of_the_course(course, office):
    change_course(course, {}, f'<img src="{PASTED}" alt="">', office)

    assert file_at(course.version_id, summary_of(course), "picture.png") is not None
