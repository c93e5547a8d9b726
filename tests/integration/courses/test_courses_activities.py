"""The page of one activity: our own types, and the honest view of every other."""

import json

import pytest

from tests.archives import HANDOUT, pack_tgz, small_course
from tests.corpus import corpus_file, each_of
from tests.course_documents import leaves
from tests.factories import (
    join,
    make_activity,
    make_admin,
    make_course,
    make_person,
    make_section,
    make_teacher,
)
from tests.pages import text
from tests.running import restore
from tests.viewing import address_in, own, restored_from, restored_with
from webapp.content.lookups import activities_of
from webapp.extensions import db
from webapp.models import Activity, CourseFile, CourseRole


@pytest.fixture
def course(app):
    return make_course("GEO 9", content=())


@pytest.fixture
def section(course):
    return make_section(course, "Week 1")


@pytest.fixture
def pupil(course, sign_in_as):
    return sign_in_as(make_person("pip", course=course))


def address(activity, course):
    return f"/courses/{course.id}/activities/{activity.id}"


def test_a_page_shows_its_text(page, course, section, pupil):
    activity = make_activity(
        section, "page", "Tides", intro="<p>Read this</p>", content="<h1>Ebb</h1><script>1</script>"
    )

    soup = page(address(activity, course))

    assert [text(one) for one in soup.select(".rich-text h2")] == ["Ebb"]
    assert "Read this" in soup.text
    assert not soup.select(".rich-text script")


def test_an_empty_page_says_so(page, course, section, pupil):
    assert (
        "This page is empty." in page(address(make_activity(section, "page", "x", content=""), course)).text
    )


@pytest.mark.parametrize(
    "link", ["https://tides.example/?a=1&b=2", "http://x.example", "mailto:a@school.example"]
)
def test_a_link_opens_in_a_tab_of_its_own(page, course, section, pupil, link):
    activity = make_activity(section, "url", "Tables", external_url=link)

    found = page(address(activity, course)).find("a", href=link)

    assert found["target"] == "_blank"
    assert "noopener" in found["rel"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//x.example", "https://", "file:///etc"]
)
def test_an_address_that_no_browser_should_open_is_only_shown(page, course, section, pupil, link):
    activity = make_activity(section, "url", "Tables", external_url=link)

    soup = page(address(activity, course))

    assert not soup.find("a", href=link)
    assert link in soup.select_one("main code").text


def test_what_a_link_lacks_is_said(page, course, section, pupil):
    assert "No address" in page(address(make_activity(section, "url", "x", external_url=""), course)).text


def test_a_subsection_is_read_on_the_courses_page(client, course, section, pupil):
    opener = make_activity(section, "subsection", "Day one")
    inner = make_section(course, "Day one", parent_cmid=str(opener.moodle_id))

    answer = client.get(address(opener, course))

    assert answer.location == f"/courses/{course.id}#s{inner.id}"


@pytest.mark.parametrize("hidden", ["activity", "section", "opener"])
def test_what_is_hidden_is_not_there_for_pupils(client, course, section, pupil, sign_in_as, hidden):
    opener = make_activity(section, "subsection", "Day one", visible=0 if hidden == "opener" else 1)
    inner = make_section(
        course, "Inside", parent_cmid=str(opener.moodle_id), visible=0 if hidden == "section" else 1
    )
    activity = make_activity(inner, "page", "Not yet", visible=0 if hidden == "activity" else 1)

    assert client.get(address(activity, course)).status_code == 404
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))
    assert client.get(address(activity, course)).status_code == 200


def test_another_courses_activity_is_not_there(client, course, section, pupil):
    other = make_course("OTHER")
    join(pupil, other)
    activity = make_activity(section, "page", "Tides")

    assert client.get(address(activity, other)).status_code == 404


def test_what_a_restore_has_replaced_is_not_there(client, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(pack_tgz(small_course()), admin)
    old = address(activities_of(course.version_id)[0], course)
    restore(pack_tgz(small_course()), admin, course)

    assert client.get(old).status_code == 404


@pytest.mark.parametrize("number", [0, 99, 10**30])
def test_numbers_that_are_no_activity_are_not_there(client, course, pupil, number):
    assert client.get(f"/courses/{course.id}/activities/{number}").status_code == 404


def test_a_page_that_no_list_has_is_the_first(page, restored, sign_in_as):
    sign_in_as(make_teacher(course=restored))
    forum = address(named(restored, "Shore talk 💬"), restored)

    for asked in (f"page={10**30}", f"item={10**30}", f"all=1&page={10**30}", "page=x"):
        assert page(f"{forum}?{asked}").select("article")


@pytest.fixture
def restored(app):
    return restored_from(corpus_file("tide101-4.5-users").read_bytes())


def named(course, name):
    return db.session.query(Activity).filter_by(version_id=course.version_id, name=name).one()


def download_link(soup):
    return next(link["href"] for link in soup.select("main a") if text(link) == "Download")


def test_a_file_can_be_opened_and_taken_home(page, client, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(pack_tgz(small_course()), admin)

    soup = page(address(named(course, "How to fold a chart"), course))

    answer = client.get(download_link(soup))
    assert answer.data == HANDOUT
    assert answer.headers["Content-Disposition"] == "attachment; filename=handout.txt"
    assert "handout.txt" in soup.text


def test_a_damaged_file_says_so_and_can_still_be_had(page, client, app, sign_in_as):
    admin, members = sign_in_as(make_admin()), small_course()
    entry = next(name for name, content in members.items() if content == HANDOUT)
    members[entry] = b"Something else."
    _, course = restore(pack_tgz(members), admin)

    soup = page(address(named(course, "How to fold a chart"), course))

    assert "Damaged" in soup.text
    answer = client.get(download_link(soup))
    assert answer.data == b"Something else."


def test_a_missing_file_says_so(page, app, sign_in_as):
    admin, members = sign_in_as(make_admin()), small_course()
    del members[next(name for name, content in members.items() if content == HANDOUT)]
    _, course = restore(pack_tgz(members), admin)

    soup = page(address(named(course, "How to fold a chart"), course))

    assert "Missing" in soup.text
    assert "Download" not in soup.text


def test_a_folder_shows_its_folders(page, restored, sign_in_as):
    sign_in_as(make_person(course=restored))

    soup = page(address(named(restored, "Field sketches"), restored))

    assert [text(one) for one in soup.select(".tree summary b")] == ["day one", "第二天"]
    assert len(soup.select(".tree a")) == 5


def test_a_book_is_read_by_everybody_but_for_hidden_chapters(page, restored, sign_in_as):
    book = named(restored, "A small book of tides")
    sign_in_as(make_person(course=restored))

    soup = page(address(book, restored))

    assert [text(one) for one in soup.select("article h3")] == ["1. The slow breath"]
    assert soup.select_one("article img")["src"].endswith("/mod_book/chapter/13/breath.png")
    assert "Not yet shown" not in soup.text
    assert "Details" not in soup.text
    sign_in_as(make_teacher(course=restored))
    assert "Not yet shown" in page(address(book, restored)).text


def test_teachers_read_what_people_wrote_and_who(page, restored, sign_in_as):
    sign_in_as(make_teacher(course=restored, course_role=CourseRole.TEACHER))

    soup = page(address(named(restored, "Shore talk 💬"), restored))

    assert "J'ai vu la mer monter." in soup.text
    assert "Élodie Quaymont" in soup.text
    assert soup.select_one("article img")["src"].endswith("/mod_forum/post/550/wave.png")


def test_pupils_dont(page, restored, sign_in_as):
    sign_in_as(make_person(course=restored))

    soup = page(address(named(restored, "Shore talk 💬"), restored))

    assert "Talk about what you saw." in soup.text
    assert "J'ai vu la mer monter." not in soup.text
    assert "Élodie" not in soup.text
    assert "wave.png" not in soup.text


def test_answers_and_passwords_are_not_for_pupils(page, restored, sign_in_as):
    lesson = named(restored, "Lesson: tying a knot")
    sign_in_as(make_person(course=restored))

    soup = page(address(lesson, restored))

    assert "Two pages and two questions." in soup.text
    assert "A bowline has one loop." not in soup.text


def test_what_somebody_chose_is_said_by_its_name(page, restored, sign_in_as):
    sign_in_as(make_teacher(course=restored))

    soup = page(address(named(restored, "Which pier shall we visit?"), restored) + "?all=1")

    assert "Option North pier" in text(soup.main)


def test_a_plugin_is_shown_as_kept_as_it_is(page, app, sign_in_as):
    admin = sign_in_as(make_admin())
    _, course = restore(corpus_file("fixture-3.11-plugin-studentquiz-users").read_bytes(), admin)

    soup = page(address(named(course, "StudentQuiz 1"), course))

    assert "It is kept as it is, and goes into every backup." in soup.text
    assert "Student B" in soup.text


def test_what_a_plugin_keeps_as_json_is_shown_as_what_it_holds(page, app, sign_in_as):
    right = {"correct": True, "text": "<div>At <b>ebb</b></div>"}
    wrong = {"correct": False, "text": "<p>Never<script>1</script></p>"}
    asked = {"question": "<p>When?</p>", "answers": [right, wrong], "UI": {"check": "Go"}, "maxScore": 3}
    question = {"library": "H5P.MultiChoice 1.14", "subContentId": "a-b", "params": asked}
    question["metadata"] = {"title": "When to walk"}
    content = json.dumps({"taskDescription": "<p>Walk</p>", "apiPassword": "hush", "questions": [question]})
    restored = restored_with("hvp", [*own(intro="", json_content=content), *leaves(slug="tides")])
    sign_in_as(make_teacher(course=restored))

    soup = page(address_in(restored))

    labels = [text(one) for one in soup.select(".branch > .label")]
    assert [one for one in ("When to walk", "Right answer", "Wrong answer") if one in labels] == labels[-3:]
    assert text(soup.find("b", string="ebb").find_parent(class_="branch")) == "Right answer At ebb"
    assert "Max score 3" in text(soup.main)
    assert "change its name" in soup.text
    sign_in_as(make_person(course=restored))
    seen = page(address_in(restored))
    assert "What is in this H5P is seen by the course’s teachers." in seen.text
    assert not any(words in seen.text for words in ("change its name", "When to walk"))
    assert not any(words in str(soup.main) for words in ("subContentId", "hush", "Go<", "<script", "{&#34;"))


def test_many_entries_go_by_pages(page, app, sign_in_as):
    admin, members = sign_in_as(make_admin()), small_course()
    name = "activities/forum_41/forum.xml"
    before, one, after = split_at(members[name], b"<discussion id", b"</discussion>")
    rows = b"".join(
        one.replace(b'id="510"', b'id="%d"' % number).replace(b"Welcome", b"Topic %d" % number)
        for number in range(1000, 1120)
    )
    members[name] = before + rows + after
    _, course = restore(pack_tgz(members), admin)
    forum = address(named(course, "Announcements"), course)

    first, last = page(forum), page(f"{forum}?page=3")

    assert len(first.select("article")) == 50
    assert "120 discussions in all" in first.text
    assert [text(one) for one in last.select("article h3")][-1] == "Topic 1119"
    assert len(last.select("article")) == 20


def split_at(content, start, end):
    first, last = content.index(start), content.index(end) + len(end)
    return content[:first], content[first:last], content[last:]


@pytest.mark.parametrize(
    "name",
    each_of(["real-3.3-many-activities", "real-3.8-damaged-files-blocks", "fixture-3.2-imscp-scorm-folder"]),
)
def test_every_page_of_a_real_course_opens(page, app, sign_in_as, name):
    admin = sign_in_as(make_admin())
    _, course = restore(corpus_file(name).read_bytes(), admin)
    seen = set()

    page(f"/courses/{course.id}"), page(f"/courses/{course.id}/edit")
    for activity in activities_of(course.version_id):
        if activity.type not in seen or activity.id % 7 == 0:
            page(address(activity, course))
            seen.add(activity.type)

    assert db.session.query(CourseFile).count() > 0
