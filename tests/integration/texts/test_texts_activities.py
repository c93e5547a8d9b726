"""Changing texts inside activities: who may, what stays, and what a form says when it can't be done."""

import base64
from xml.sax.saxutils import escape

import pytest

from tests.course_documents import StoredFile
from tests.factories import make_job, make_person, make_teacher
from tests.pages import form_data, parse, text
from tests.restored import backed_up, root
from tests.viewing import CONTEXT, MODULE, address_in, own, parsed, restored_with
from tests.written import edit_links, kept, send, the_form
from webapp.content.activities import delete_activity
from webapp.content.lookups import activities_of
from webapp.extensions import db
from webapp.models import CourseFile, CourseRole, JobState

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DRAWING = StoredFile(640, "a map.png", PNG, CONTEXT, "mod_book", "chapter", 7)
#: As somebody's old editor wrote it: no line of it is what ours would write.
OLD_TEXT = (
    '<P align=center>Ebb &amp; flood<br />\n<IMG src="@@PLUGINFILE@@/a%20map.png">&nbsp;</P>\n\n'
    "<font color=red>Mind</font>"
)
CHAPTERS = (
    f"<chapter id='7'><pagenum>1</pagenum><title>Calm</title><content>{escape(OLD_TEXT)}</content>"
    "<contentformat>1</contentformat><importsrc/><timemodified>5</timemodified></chapter>"
    "<chapter id='8'><pagenum>2</pagenum><title>Storm</title><content># Wind\n\n*Mind*</content>"
    "<contentformat>4</contentformat><timemodified>5</timemodified><later/></chapter>"
)


def a_book():
    content = [*own(), *parsed(f"<timemodified>5</timemodified><chapters>{CHAPTERS}</chapters>")]
    return restored_with("book", content, files=(DRAWING,))


@pytest.fixture
def course(app):
    return a_book()


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def chapter_form(page, course, number=7):
    return page(f"{address_in(course)}/texts/chapter/{number}")


def chapters(course, by):
    members = backed_up(course, by)
    found = root(members, f"activities/book_{MODULE}/book.xml").iterfind("book/chapters/chapter")
    return {one.get("id"): {leaf.tag: leaf.text or "" for leaf in one} for one in found}


def test_a_chapter_is_changed_from_where_it_is_read_and_one_comes_back_there(page, client, course, teacher):
    (link,) = edit_links(page(address_in(course) + "?item=8"))

    answer = send(client, page(link), title="Gale")

    assert answer.status_code == 303
    assert answer.location == f"{address_in(course)}?item=8#chapter-8"
    assert text(page(answer.location.partition("#")[0]).find(id="chapter-8").h3) == "Gale"


def test_a_text_that_nobody_touched_stays_byte_for_byte(page, client, course, teacher):
    before = chapters(course, teacher)

    send(client, chapter_form(page, course), title="Quiet")

    after = chapters(course, teacher)
    assert after["7"]["content"] == OLD_TEXT
    assert int(after["7"].pop("timemodified")) > int(before["7"].pop("timemodified"))
    assert after == before | {"7": before["7"] | {"title": "Quiet"}}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_comes_back_as_it_was_is_no_change(page, client, course, teacher, line_end):
    before = kept(course)
    soup = chapter_form(page, course)
    typed = form_data(the_form(soup))["content"]

    assert send(client, soup, content=typed.replace("\n", line_end)).status_code == 303

    assert kept(course) == before


def test_a_text_keeps_its_picture_and_takes_new_ones_in(page, client, course, teacher):
    soup = chapter_form(page, course)
    typed = form_data(the_form(soup))["content"]
    assert f"/courses/{course.id}/embedded/{CONTEXT}/mod_book/chapter/7/a%20map.png" in typed
    pasted = f'<img src="data:image/png;base64,{base64.b64encode(PNG + b"2").decode()}" alt="">'

    send(client, soup, content=typed + pasted)

    assert (
        chapters(course, teacher)["7"]["content"]
        == OLD_TEXT + '<img src="@@PLUGINFILE@@/picture.png" alt="">'
    )
    row = db.session.query(CourseFile).filter_by(version_id=course.version_id, filename="picture.png").one()
    assert (row.context_id, row.component, row.filearea, row.itemid) == (CONTEXT, "mod_book", "chapter", 7)


def test_a_text_in_markdown_is_typed_as_it_is(page, client, course, teacher):
    soup = chapter_form(page, course, 8)
    assert "data-editor" not in soup.find("textarea").attrs

    send(client, soup, content="# Wind\r\n\r\n*Mind it*")

    after = chapters(course, teacher)["8"]
    assert (after["content"], after["contentformat"]) == ("# Wind\n\n*Mind it*", "4")


def test_a_line_that_has_to_say_something_can_not_be_emptied(page, client, course, teacher):
    before = kept(course)

    for title, sentence in ((" ", "This is empty."), ("x" * 256, "No more than 255 letters.")):
        answer = send(client, chapter_form(page, course), title=title)

        assert answer.status_code == 422
        assert sentence in answer.text
    assert kept(course) == before


def test_who_saves_second_is_told_and_may_save_once_more(page, client, course, teacher):
    first, second = chapter_form(page, course), chapter_form(page, course)
    send(client, first, title="Mine")

    answer = send(client, second, title="Theirs")
    assert answer.status_code == 422
    assert "somebody else has changed this" in answer.text
    assert chapters(course, teacher)["7"]["title"] == "Mine"

    assert send(client, parse(answer.text)).status_code == 303
    assert chapters(course, teacher)["7"]["title"] == "Theirs"


def test_what_is_gone_meanwhile_answers_that_it_is_not_there(page, client, course, teacher):
    soup = chapter_form(page, course)
    delete_activity(course, next(one for one in activities_of(course.version_id) if one.type == "book"))

    assert send(client, soup, title="Late").status_code == 404


@pytest.mark.parametrize("where", ["chapter/99", "chapter", "page/7", "options", f"chapter/{10**30}"])
def test_what_an_activity_does_not_have_is_not_there(client, course, teacher, where):
    assert client.get(f"{address_in(course)}/texts/{where}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(CourseRole.STUDENT, 403), (CourseRole.TEACHER, 403), (None, 404), (CourseRole.MANAGER, 200)],
)
def test_only_those_who_edit_the_course_change_texts(client, page, course, sign_in_as, role, status):
    sign_in_as(make_person(course=course, course_role=role) if role else make_person())
    address = f"{address_in(course)}/texts/chapter/7"

    assert client.get(address).status_code == status
    assert client.post(address, data={"title": "Mine"}).status_code == {200: 303}.get(status, status)
    if role:
        assert bool(edit_links(page(address_in(course)))) == (status == 200)


def test_whoever_edits_is_told_that_the_course_is_being_worked_on(page, course, teacher):
    make_job(make_teacher("nadia", course=course), course, state=JobState.RUNNING)

    assert "is backing up this course" in text(chapter_form(page, course).select_one(".warnings"))
