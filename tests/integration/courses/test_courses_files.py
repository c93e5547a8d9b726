"""Files are given out so that none can act as a page of ours, and only to those who may have them."""

import io

import pytest

from tests.corpus import corpus_file
from tests.factories import make_activity, make_admin, make_course, make_person, make_section, make_teacher
from tests.viewing import restored_from
from webapp import places
from webapp.content.activities import make_activity as make_whole_activity
from webapp.content.files import content_of, files_at
from webapp.content.filing import Upload, add_to_folder
from webapp.content.lookups import sections_of
from webapp.content.making import make_course as make_whole_course
from webapp.extensions import db
from webapp.models import CourseFile
from webapp.pages.sniffing import type_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def course(app):
    return make_whole_course("Tides", "GEO 9", None, make_teacher("nadia"))


@pytest.fixture
def folder(course):
    section = sections_of(course.version_id)[0]
    return make_whole_activity(course, section, "folder", {"name": "Maps", "intro": ""}, make_admin())


@pytest.fixture
def keep(course, folder, client, sign_in_as):
    """Keep a file and return its address."""

    def keep(name, content):
        add_to_folder(course, folder, [Upload(name, io.BytesIO(content))], make_admin())
        row = next(row for row in files_at(course.version_id, content_of(folder)) if row.filename == name)
        sign_in_as(make_person(course=course))
        return f"/courses/{course.id}/files/{row.id}/{name}"

    return keep


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("map.png", PNG, "image/png"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "image/jpeg"),
        ("wave.gif", b"GIF89a" + bytes(50), "image/gif"),
        ("wave.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("wave.avif", b"\x00\x00\x00\x20ftypavif", "image/avif"),
        ("sheet.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("film.mp4", b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        ("film.webm", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01webm", "video/webm"),
        ("talk.mp3", b"ID3\x04\x00", "audio/mpeg"),
        ("talk.ogg", b"OggS\x00", "audio/ogg"),
        ("talk.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        ("read me.txt", "Ebb and flöde".encode(), "text/plain"),
        # The name is a claim: what counts is what is inside.
        ("map.exe", PNG, "image/png"),
    ],
)
def test_harmless_types_are_shown(keep, client, name, content, kind):
    answer = client.get(keep(name, content))

    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.data == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.svg", SVG),
        ("picture.png", SVG),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.txt.html", b"<script>alert(1)</script>"),
        ("page.xml", b"<?xml version='1.0'?><x/>"),
        ("feed.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("run.js", b"alert(1)"),
        ("style.css", b"*{}"),
        ("flash.swf", b"CWS\x0a"),
        ("film.mov", b"\x00\x00\x00\x14ftypqt  "),
        ("sheet.docx", b"PK\x03\x04"),
        ("half.txt", b"\xff\xfe\x00x"),
        ("nothing.png", b""),
    ],
)
def test_everything_else_is_only_taken_home(keep, client, name, content):
    answer = client.get(keep(name, content))

    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_starts_like_html_is_shown_as_the_text_that_its_name_says(keep, client):
    answer = client.get(keep("notes.txt", b"<script>alert(1)</script>"))

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("name", ["map.png", "page.html", "sheet.pdf"])
def test_a_file_has_no_power(keep, client, name):
    headers = client.get(keep(name, b"%PDF-1.7" if name == "sheet.pdf" else PNG)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    # A browser's viewer of PDF refuses to work in a sandbox.
    assert ("sandbox" in policy) == (name != "sheet.pdf")
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_file_may_be_asked_for_as_a_download(keep, client):
    assert (
        client.get(keep("map.png", PNG) + "?download=1")
        .headers["Content-Disposition"]
        .startswith("attachment")
    )


def test_names_of_any_letters_arrive(keep, client):
    answer = client.get(keep("圖 été.png", PNG))

    assert "filename*=UTF-8''%E5%9C%96%20%C3%A9t%C3%A9.png" in answer.headers["Content-Disposition"]


def test_a_part_of_a_film_can_be_asked_for(keep, client):
    film = b"\x00\x00\x00\x20ftypisom" + bytes(range(100))

    answer = client.get(keep("film.mp4", film), headers={"Range": "bytes=10-19"})

    assert answer.status_code == 206
    assert answer.data == film[10:20]
    assert answer.headers["Content-Range"] == f"bytes 10-19/{len(film)}"


def test_a_file_that_the_browser_has_is_not_sent_again(keep, client):
    address = keep("map.png", PNG)
    mark = client.get(address).headers["ETag"]

    answer = client.get(address, headers={"If-None-Match": mark})

    assert answer.status_code == 304
    assert answer.data == b""


def test_a_folder_is_no_file(course, folder, keep, client):
    keep("map.png", PNG)
    row = next(row for row in files_at(course.version_id, content_of(folder)) if row.is_folder)

    assert client.get(f"/courses/{course.id}/files/{row.id}/x").status_code == 404


def test_a_file_of_another_course_is_not_there(keep, client, sign_in_as):
    row = int(keep("map.png", PNG).split("/")[4])
    other = make_course("OTHER")
    sign_in_as(make_teacher(course=other))

    assert client.get(f"/courses/{other.id}/files/{row}/map.png").status_code == 404


def test_strangers_get_no_file(keep, client, sign_in_as):
    address = keep("map.png", PNG)
    sign_in_as(make_person())

    assert client.get(address).status_code == 404
    client.post("/sign-out")
    assert client.get(address).status_code == 303


def test_files_of_what_is_hidden_are_not_there_for_pupils(course, folder, keep, client):
    address = keep("map.png", PNG)
    folder.visible = 0
    db.session.commit()

    assert client.get(address).status_code == 404


def test_a_file_that_has_gone_from_the_store_is_not_there(keep, client, app):
    address = keep("map.png", PNG)
    row = db.session.get(CourseFile, int(address.split("/")[4]))
    places.storage().delete(row.stored_hash)

    assert client.get(address).status_code == 404


@pytest.fixture
def restored(app):
    return restored_from(corpus_file("tide101-4.5-users").read_bytes())


@pytest.mark.parametrize(
    ("component", "area", "pupils"),
    [
        ("course", "summary", 200),
        ("course", "section", 200),
        ("mod_page", "content", 200),
        ("mod_book", "chapter", 200),
        ("mod_assign", "introattachment", 200),
        ("mod_forum", "attachment", 404),
        ("mod_data", "content", 404),
        ("assignsubmission_file", "submission_files", 404),
        ("question", "questiontext", 404),
    ],
)
def test_pupils_get_what_teachers_made_and_teachers_get_all(
    restored, client, sign_in_as, component, area, pupils
):
    row = (
        db.session.query(CourseFile)
        .filter_by(version_id=restored.version_id, component=component, filearea=area)
        .filter(CourseFile.filename != ".")
        .first()
    )
    by_id = f"/courses/{restored.id}/files/{row.id}/{row.filename}"
    by_place = (
        f"/courses/{restored.id}/embedded/{row.context_id}/{component}/{area}/{row.itemid}/{row.filename}"
    )

    sign_in_as(make_person(course=restored))
    assert [client.get(one).status_code for one in (by_id, by_place)] == [pupils, pupils]
    sign_in_as(make_teacher(course=restored))
    assert [client.get(one).status_code for one in (by_id, by_place)] == [200, 200]


@pytest.mark.parametrize(
    "path", ["../../secret", "gone.png", "day one/../readme.txt", "%2e%2e/readme.txt", "."]
)
def test_a_path_finds_only_what_has_exactly_this_name(restored, client, sign_in_as, path):
    folder = next(row for row in db.session.query(CourseFile) if row.filename == "readme.txt")
    sign_in_as(make_teacher(course=restored))

    answer = client.get(f"/courses/{restored.id}/embedded/{folder.context_id}/mod_folder/content/0/{path}")

    assert answer.status_code == 404


def send(client, course, activity, name="map.png", content=PNG, component="mod_page", area="content"):
    address = f"/courses/{course.id}/pictures/{activity.context_id}/{component}/{area}/0"
    return client.post(
        address, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


@pytest.fixture
def written(app):
    course = make_course("GEO 10", content=())
    return course, make_activity(make_section(course), "page", "Tides")


def test_the_editor_sends_pictures(written, client, sign_in_as):
    course, activity = written
    sign_in_as(make_teacher(course=course))

    answer = send(client, course, activity)

    assert answer.status_code == 201
    assert client.get(answer.json["location"]).data == PNG
    assert send(client, course, activity).json["location"].endswith("/map%20(2).png")


@pytest.mark.parametrize(
    ("name", "content"), [("x.svg", SVG), ("x.png", b"MZ"), ("x.pdf", b"%PDF-1.7"), ("x.png", b"")]
)
def test_the_editor_takes_nothing_but_pictures(written, client, sign_in_as, name, content):
    course, activity = written
    sign_in_as(make_teacher(course=course))

    answer = send(client, course, activity, name, content)

    assert answer.status_code == 422
    assert "no picture" in answer.json["problem"]
    assert db.session.query(CourseFile).count() == 0


def test_pictures_go_only_where_a_text_is(written, client, sign_in_as):
    course, activity = written
    sign_in_as(make_teacher(course=course))

    assert send(client, course, activity, area="secret").status_code == 404
    assert send(client, course, activity, component="mod_quiz").status_code == 404


def test_pupils_send_no_pictures(written, client, sign_in_as):
    course, activity = written
    sign_in_as(make_person(course=course))

    assert send(client, course, activity).status_code == 403


def test_a_stranger_may_send_only_little(written, client):
    course, activity = written

    address = f"/courses/{course.id}/pictures/{activity.context_id}/mod_page/content/0"
    answer = client.post(address, data=bytes(2_000_000), content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_letter_cut_in_half_at_the_end_is_no_reason_to_doubt(cut):
    text = ("x" * 509 + "潮").encode()

    assert type_of(text[: 509 + cut], "notes.txt") == "text/plain"
