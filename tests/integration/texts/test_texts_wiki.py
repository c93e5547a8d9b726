"""Changing a page of a wiki: its text becomes a version, and those before stay."""

import pytest

from tests.course_documents import StoredFile
from tests.factories import make_teacher
from tests.pages import form_data, text
from tests.restored import backed_up, root
from tests.viewing import AMIRA, BEN, CONTEXT, MODULE, address_in, own, parsed, restored_with
from tests.written import edit_links, kept, send, the_form
from webapp.extensions import db
from webapp.models import Person

DRAWING = StoredFile(640, "quay.png", b"\x89PNG\r\n\x1a\n" + bytes(64), CONTEXT, "mod_wiki", "attachments", 4)


def version(number, content, written="html"):
    return (
        f"<version id='{12 + number}'><content>{content}</content><contentformat>{written}</contentformat>"
        f"<version>{number}</version><timecreated>5</timecreated><userid>{BEN}</userid></version>"
    )


def a_wiki(*versions):
    pages = (
        f"<page id='7'><title>Log</title><cachedcontent>&lt;p&gt;Old&lt;/p&gt;</cachedcontent><timecreated>5"
        f"</timecreated><timemodified>5</timemodified><timerendered>5</timerendered><userid>{BEN}</userid>"
        f"<pageviews>3</pageviews><readonly>0</readonly><versions>{''.join(versions)}</versions><tags/></page>"
    )
    subwikis = (
        "<subwikis><subwiki id='4'><groupid>0</groupid><userid>0</userid>"
        f"<pages>{pages}</pages><synonyms/><links/></subwiki></subwikis>"
    )
    return restored_with("wiki", [*own(), *parsed(subwikis)], files=(DRAWING,))


HTML = '&lt;p&gt;Grey sky.&lt;img src="@@PLUGINFILE@@/quay.png"&gt;&lt;/p&gt;'


@pytest.fixture
def course(app):
    return a_wiki(version(0, ""), version(1, HTML))


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def wiki_page(course, by):
    return root(backed_up(course, by), f"activities/wiki_{MODULE}/wiki.xml").find(".//page")


def the_text(soup):
    (name,) = [one for one in form_data(the_form(soup)) if one.endswith("content")]
    return name


def test_a_changed_text_becomes_the_newest_version(page, client, course, teacher):
    (link,) = edit_links(page(address_in(course)))
    soup = page(link)
    shown = form_data(the_form(soup))[the_text(soup)]
    assert f"/courses/{course.id}/embedded/{CONTEXT}/mod_wiki/attachments/4/quay.png" in shown

    answer = send(client, soup, **{the_text(soup): shown.replace("Grey", "Blue")})

    after = wiki_page(course, teacher)
    first, second, third = after.iterfind("versions/version")
    written = '<p>Blue sky.<img src="@@PLUGINFILE@@/quay.png"></p>'
    assert [first.findtext("content"), second.findtext("content")] == ["", written.replace("Blue", "Grey")]
    assert (third.findtext("content"), third.findtext("version"), third.findtext("contentformat")) == (
        written, "2", "html",
    )  # fmt: skip
    assert third.get("id") not in ("12", "13")
    assert int(third.findtext("timecreated")) == int(after.findtext("timemodified")) > 5
    assert (after.findtext("cachedcontent"), after.findtext("timerendered")) == (written, "0")
    assert (after.findtext("pageviews"), after.findtext("timecreated")) == ("3", "5")
    assert "Version 1" in text(page(answer.location.partition("#")[0]).main)


def test_it_bears_the_name_of_whoever_came_with_the_course_else_the_last_ones(page, client, course, teacher):
    soup = page(edit_links(page(address_in(course)))[0])
    send(client, soup, **{the_text(soup): "<p>As a stranger.</p>"})
    person = db.session.query(Person).filter_by(version_id=course.version_id, moodle_id=AMIRA).one()
    person.account_id = teacher.id
    db.session.commit()

    soup = page(edit_links(page(address_in(course)))[0])
    send(client, soup, **{the_text(soup): "<p>As Amira.</p>"})

    after = wiki_page(course, teacher)
    by = [one.findtext("userid") for one in after.iterfind("versions/version")]
    assert by == [str(BEN), str(BEN), str(BEN), str(AMIRA)]
    assert after.findtext("userid") == str(AMIRA)


def test_a_text_that_nobody_touched_makes_no_version(page, client, course, teacher):
    before = kept(course)

    assert send(client, page(edit_links(page(address_in(course)))[0])).status_code == 303

    assert kept(course) == before


def test_what_is_written_in_a_wikis_own_way_is_typed_as_it_is(page, client, app, sign_in_as):
    course = a_wiki(version(0, "", "creole"), version(1, "== Log ==\n//grey//", "creole"))
    teacher = sign_in_as(make_teacher(course=course))
    soup = page(edit_links(page(address_in(course)))[0])
    assert "data-editor" not in soup.find("textarea").attrs

    send(client, soup, **{the_text(soup): "== Log ==\r\n//blue// & < white"})

    after = wiki_page(course, teacher)
    newest = after.findall("versions/version")[-1]
    assert newest.findtext("content") == "== Log ==\n//blue// & < white"
    assert newest.findtext("contentformat") == "creole"
    assert after.findtext("cachedcontent") == "<p>== Log ==</p>\n<p>//blue// &amp; &lt; white</p>"
    assert "//blue// & < white" in text(page(address_in(course)).main)


def test_who_saves_second_is_told(page, client, course, teacher):
    first, second = (page(edit_links(page(address_in(course)))[0]) for _ in range(2))
    send(client, first, **{the_text(first): "<p>Mine</p>"})

    answer = send(client, second, **{the_text(second): "<p>Theirs</p>"})

    assert len(wiki_page(course, teacher).findall("versions/version")) == 3
    assert answer.status_code in (409, 422)
