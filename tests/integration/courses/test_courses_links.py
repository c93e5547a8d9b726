"""Links that a teacher makes to other parts of the course: tokens in the course and its backups."""

import pytest

from tests.factories import make_teacher
from tests.members import members_of
from tests.pages import form_data
from tests.restored import activity, restored, section
from tests.running import back_up, restore
from webapp.content.edit import edit
from webapp.content.lookups import activities_by_item, activities_of
from webapp.extensions import db

SITE = "http://localhost"


@pytest.fixture
def nadia(app):
    return make_teacher("nadia")


@pytest.fixture
def course(nadia):
    """A forum in "General"; a page, “How this course works”, and a handout in "Week one"."""
    return restored(nadia)


@pytest.fixture
def send(course, nadia, sign_in_as, page, client):
    """What fills in the form of a page and sends it."""
    sign_in_as(nadia)

    def fill(address, **values):
        form = next(one for one in page(address).select("main form") if one.get("id") != "deeds")
        answer = client.post(form["action"], data=form_data(form, **values))
        assert answer.status_code == 303
        db.session.rollback()

    return fill


@pytest.fixture
def the_page(course):
    return next(one for one in activities_of(course.version_id) if one.type == "page")


def the_forum(course):
    return next(one for one in activities_of(course.version_id) if one.type == "forum")


def address_of(course, one=None):
    below = f"/activities/{one.id}" if one else ""
    return f"/courses/{course.id}{below}"


def editing(course, one):
    return f"{address_of(course, one)}/edit"


@pytest.mark.parametrize("site", ["", SITE, "http://127.0.0.1:8000"])
def test_a_typed_link_to_an_activity_becomes_its_token(course, send, the_page, site):
    forum = the_forum(course)

    send(editing(course, the_page), content=f'<p><a href="{site}{address_of(course, forum)}">Talk</a></p>')

    assert the_page.content == '<p><a href="$@FORUMVIEWBYID*41@$">Talk</a></p>'


def test_a_link_to_one_thing_in_an_activity_leads_to_it_everywhere(course, send, the_page, page):
    forum = the_forum(course)
    (discussion,) = activities_by_item(course, "forum", "activity/forum/discussions/discussion")
    address = f"{address_of(course, forum)}?item={discussion}"

    send(editing(course, the_page), content=f'<a href="{address}">It</a> <a href="{address}0">Not</a>')

    kept = f'<a href="$@FORUMDISCUSSIONVIEW*{discussion}@$">It</a> <a href="{address}0">Not</a>'
    assert the_page.content == kept
    assert page(address_of(course, the_page)).select_one(f'main a[href="{address}"]').text == "It"
    send(editing(course, the_page), name="The same")
    assert the_page.content == kept


def test_what_stands_behind_a_link_stays_behind_its_token(course, send, the_page):
    text = f'<a href="{address_of(course)}">All</a> {SITE}{address_of(course, the_page)}#tide.'

    send(editing(course, the_page), content=text)

    course_id = course.version.moodle_id
    assert the_page.content == f'<a href="$@COURSEVIEWBYID*{course_id}@$">All</a> $@PAGEVIEWBYID*42@$#tide.'


def test_a_link_to_a_section_becomes_its_token(course, send, the_page):
    week = section(course, "Week one")

    send(editing(course, the_page), content=f'<a href="{address_of(course)}#s{week.id}">Week</a>')

    assert the_page.content == '<a href="$@COURSESECTIONBYID*32@$">Week</a>'


def test_a_section_is_named_so_that_an_older_moodle_finds_it(course, send, the_page):
    kept = dict(course.version.manifest)
    kept["information"] = kept["information"] | {"backup_version": "2022112800"}
    course.version.manifest = kept
    db.session.commit()
    week = section(course, "Week one")

    send(editing(course, the_page), content=f'<a href="{address_of(course)}#s{week.id}">Week</a>')

    course_id = course.version.moodle_id
    assert the_page.content == f'<a href="$@COURSEVIEWBYID*{course_id}@$#section-1">Week</a>'


def test_links_that_are_none_of_the_course_stay_as_they_are(course, send, the_page):
    number = course.id
    text = (
        f'<a href="/courses/{number}/people">a</a> <a href="/courses/{number}/activities/987654">b</a> '
        f'<a href="/courses/{number}00">c</a> <a href="https://sea.example/courses/{number}">d</a> '
        f'<a href="{address_of(course, the_page)}?item=5">e</a> and /courses/{number} in words'
    )

    send(editing(course, the_page), content=text)

    assert the_page.content == text


def test_a_link_activity_may_lead_into_the_course(course, send, the_page, client, page):
    week = section(course, "Week one")
    there = f"{address_of(course)}/sections/{week.id}/add/url"

    send(there, name="To the page", external_url=f"{SITE}{address_of(course, the_page)}")

    link = activity(course, "To the page")
    assert link.external_url == "$@PAGEVIEWBYID*42@$"
    shown = page(address_of(course, link))
    assert shown.select_one(f'main a[href="{address_of(course, the_page)}"]') is not None
    send(editing(course, link), name="Onward")
    assert (link.name, link.external_url) == ("Onward", "$@PAGEVIEWBYID*42@$")


def test_a_link_activity_keeps_a_token_that_only_moodle_understands(course, send):
    week = section(course, "Week one")
    send(f"{address_of(course)}/sections/{week.id}/add/url", name="Old", external_url="sea.example")
    link = activity(course, "Old")
    with edit(course) as change:
        change.own(link).external_url = "$@BOOKVIEWBYIDCH*42*7@$"
    db.session.rollback()

    send(editing(course, link), name="Still old")

    assert (link.name, link.external_url) == ("Still old", "$@BOOKVIEWBYIDCH*42*7@$")


def test_tokens_are_addresses_in_the_editor_and_come_back_as_they_were(course, send, the_page, page):
    kept = (
        '<a href="$@FORUMVIEWBYID*41@$">a</a><a href="$@COURSESECTIONBYID*32@$">b</a>'
        '<a href="$@BOOKVIEWBYIDCH*42*7@$">c</a><a href="$@QUIZVIEWBYID*41@$">d</a>'
        '<a href="$@PAGEVIEWBYID*999@$">e</a>'
    )
    the_page.content = kept
    db.session.commit()
    forum = the_forum(course)

    typed = page(editing(course, the_page)).find("textarea", id="content").text
    send(editing(course, the_page), content=f"{typed}<p>More</p>")

    assert f'<a href="{SITE}{address_of(course, forum)}">a</a>' in typed
    assert f'<a href="{SITE}{address_of(course)}#s{section(course, "Week one").id}">b</a>' in typed
    assert the_page.content == f"{kept}<p>More</p>"


def test_a_link_goes_with_a_backup_and_leads_to_the_same_thing_in_what_is_restored(
    course, send, the_page, nadia, page
):
    forum = the_forum(course)
    send(editing(course, the_page), content=f'<p><a href="{address_of(course, forum)}">Talk</a></p>')

    _, path = back_up(course, nadia)
    _, other = restore(path.read_bytes(), nadia)

    written = members_of(path)["activities/page_42/page.xml"]
    assert b"$@FORUMVIEWBYID*41@$" in written
    assert b"/courses/" not in written
    copied = activity(other, the_page.name)
    shown = page(address_of(other, copied))
    assert shown.select_one("main a:-soup-contains('Talk')")["href"] == address_of(other, the_forum(other))


def test_a_link_in_a_text_without_layout_is_an_address_to_read(course, send, the_page, page):
    the_page.content_format = 2
    db.session.commit()

    send(editing(course, the_page), content=f"Talk: {SITE}{address_of(course, the_forum(course))}")

    assert the_page.content == "Talk: $@FORUMVIEWBYID*41@$"
    assert address_of(course, the_forum(course)) in page(address_of(course, the_page)).main.get_text()
