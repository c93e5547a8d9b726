"""Looking into a backup without restoring it: the report, and what single activities hold."""

import json
import os
import time

import pytest

from jobs import leftovers
from tests.archives import PAGE_PICTURE, pack_tgz, pack_zip, small_course
from tests.corpus import corpus_file, each_of
from tests.course_documents import StoredFile, activity_documents, leaves, node, page as page_element
from tests.factories import make_archive, make_course, make_teacher
from tests.pages import text
from tests.running import read_archive
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile

PAGES = (
    "",
    "/report.json",
    "/files",
    "/files/1/harbour%20map.png",
    "/embedded/72/mod_page/content/0/harbour%20map.png",
    "/activities/page_42",
)


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def bring(teacher):
    """Bring an archive's members and have the file read; returns its row."""

    def brought(members, pack=pack_tgz):
        content = members if isinstance(members, bytes) else pack(members)
        job = read_archive(content, teacher)
        assert job.state == "waiting", job.problem
        return db.session.get_one(ArchiveFile, job.result["archive_id"])

    return brought


def with_content(html, **others):
    """The small course with a page that holds this HTML."""
    name, attributes, content = page_element()
    own = [(key, more, html if key == "content" else value) for key, more, value in content]
    documents = activity_documents("page", 42, 52, 72, (name, attributes, own), True, refs=[601])
    return small_course(**others) | documents


def with_module(kind, *elements, rows=()):
    """The small course with another type in the place of its page."""
    own = [*leaves(name="Read a tide table", intro="", introformat=1), *elements, *rows]
    members = {name: body for name, body in small_course().items() if "/page_42/" not in name}
    manifest = members["moodle_backup.xml"].replace(b"page_42", f"{kind}_42".encode())
    members["moodle_backup.xml"] = manifest.replace(b"<modulename>page<", f"<modulename>{kind}<".encode())
    return members | activity_documents(kind, 42, 52, 72, node(kind, own, id=52), True)


def chapters(number):
    """The chapters of a book."""
    one = {"pagenum": 1, "subchapter": 0, "contentformat": 1, "hidden": 0}
    rows = [
        node("chapter", leaves(title=f"Chapter {place}", content=f"<p>Text {place}.</p>", **one), id=place)
        for place in range(1, number + 1)
    ]
    return node("chapters", rows)


def test_the_report_says_what_is_in_the_file_and_where_it_comes_from(page, bring):
    archive = bring(small_course())

    shown = text(page(f"/archives/{archive.id}").main)

    assert "Reading the tide (TIDE1)" in shown
    assert "https://moodle.school.example" in shown
    assert "4.5.5" in shown
    assert "Read a tide table 1 file, 2.1 kB" in shown
    assert "Week one 2 activities, 3.7 kB" in shown
    assert "All files 2 files, 3.7 kB" in shown
    assert "Names, mail addresses and the work of 2 people." in shown
    assert "2 enrolments" in shown
    assert "Nothing beyond Moodle itself" in shown
    assert "Nothing is damaged" in shown


def test_the_report_says_where_data_of_people_is_and_what_leads_out(page, bring):
    archive = bring(with_content('<a href="https://tides.example/">Tides</a>'))

    shown = page(f"/archives/{archive.id}").main
    places = {text(one) for one in shown.find(id="people").parent.find_all("li")}
    outside = text(shown.find(id="outside").parent)

    assert "1 discussion" in text(shown.find(id="people").parent)
    assert any(one.startswith("Announcements : 1 discussion, 1 post") for one in places), places
    assert "Links to other sites: tides.example" in outside


def test_a_survey_from_earlier_is_shown_as_far_as_it_goes(page, bring):
    archive = bring(small_course())
    kept = dict(archive.survey)
    for name in ("privacy", "outside", "plugins", "unfamiliar"):
        del kept[name]
    archive.survey = kept
    db.session.commit()

    shown = text(page(f"/archives/{archive.id}").main)

    assert "2 enrolments" in shown
    assert "What leads out of it" not in shown


def test_the_report_needs_no_archive(page, bring):
    archive = bring(small_course())
    places.archive_path(archive.id).unlink()

    assert "Reading the tide" in text(page(f"/archives/{archive.id}").main)
    assert not places.archive_index(archive.id).exists()


def test_the_report_as_data_is_what_reading_found(client, bring):
    archive = bring(small_course())

    answer = client.get(f"/archives/{archive.id}/report.json")

    assert answer.mimetype == "application/json"
    assert json.loads(answer.text) == db.session.get_one(ArchiveFile, archive.id).survey


def test_damage_is_told_by_real_names_and_where(page, bring):
    members = small_course()
    members[PAGE_PICTURE.entry] = b""

    shown = page(f"/archives/{bring(members).id}").main

    assert "1 thing in this file is damaged." in text(shown)
    assert "“harbour map.png” in “Read a tide table” is empty" in text(shown)
    assert "1 damaged" in text(shown.find("a", string="Read a tide table").parent)


def test_a_plugin_is_named_and_kept_as_it_is(page, bring):
    archive = bring(with_module("hotpot", *leaves(sourcefile="rocks.htm")))

    report = text(page(f"/archives/{archive.id}").main)
    activity = text(page(f"/archives/{archive.id}/activities/hotpot_42").main)

    assert "These come from plugins of Moodle." in report
    assert "Activities hotpot" in report
    assert "Kept as it is" in report
    assert "This comes from a plugin of Moodle." in activity
    assert "rocks.htm" in activity


def test_a_file_that_nobody_has_read_can_be_read(page, client, teacher):
    archive = make_archive(teacher, survey={})

    shown = page(f"/archives/{archive.id}").main

    assert "we cannot say what is in it" in text(shown)
    assert shown.form["action"] == f"/archives/{archive.id}/restore"
    for path in PAGES[1:]:
        assert client.get(f"/archives/{archive.id}{path}").status_code == 404


def test_the_backups_lead_into_each(page, teacher, sign_in_as):
    course = make_course()
    archive = make_archive(sign_in_as(make_teacher(course=course)), course)

    for address in ("/backups", f"/courses/{course.id}/backups"):
        assert text(page(address).find("a", href=f"/archives/{archive.id}")) == "Look inside"


def test_a_waiting_restore_leads_into_its_file(page, teacher):
    job = read_archive(pack_tgz(small_course()), teacher)
    inside = f"/archives/{job.result['archive_id']}"

    assert page(f"/jobs/{job.id}").main.find("a", href=inside)
    assert page(f"/restores/{job.id}").main.find("a", href=inside)


@pytest.mark.parametrize("path", PAGES)
def test_somebody_elses_archive_is_not_there(client, sign_in_as, bring, path):
    archive = bring(small_course())
    mine = client.get(f"/archives/{archive.id}{path}").status_code
    sign_in_as(make_teacher())

    assert mine == 200
    assert client.get(f"/archives/{archive.id}{path}").status_code == 404


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_a_page_shows_its_text_and_its_pictures(page, client, bring, pack):
    archive = bring(small_course(), pack)

    shown = page(f"/archives/{archive.id}/activities/page_42").main
    picture = client.get(shown.find("img")["src"])

    assert "The sea comes twice a day." in text(shown)
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.data == PAGE_PICTURE.content


def test_foreign_html_is_cleaned(page, bring):
    html = (
        '<p onclick="go()">Tides<script>alert(1)</script></p><img src="x" onerror="go()"><form action="/x">'
    )

    shown = page(f"/archives/{bring(with_content(html)).id}/activities/page_42").main

    assert "Tides" in text(shown)
    assert not shown.find_all(["script", "form"])


def test_links_lead_to_what_else_is_in_the_archive(page, bring):
    html = '<a href="$@RESOURCEVIEWBYID*43@$">Chart</a> <a href="$@PAGEVIEWBYID*999@$">Gone</a>'

    archive = bring(with_content(html))
    shown = page(f"/archives/{archive.id}/activities/page_42").main

    assert shown.find("a", string="Chart")["href"] == f"/archives/{archive.id}/activities/resource_43"
    assert not (shown.find("a", string="Gone") or {}).get("href")


def test_what_people_wrote_has_their_names(page, bring):
    shown = text(page(f"/archives/{bring(small_course()).id}/activities/forum_41").main)

    assert "Bring a pencil." in shown
    assert "Amira Holt" in shown


@pytest.mark.parametrize(
    ("address", "is_link"), [("https://tides.example/today", True), ("javascript:alert(1)", False)]
)
def test_a_link_is_one_only_where_a_browser_may_go(page, bring, address, is_link):
    archive = bring(with_module("url", *leaves(externalurl=address)))

    shown = page(f"/archives/{archive.id}/activities/url_42").main

    assert address in text(shown)
    assert bool(shown.find("a", href=address)) == is_link


def test_a_label_shows_its_text(page, bring):
    members = with_module("label")
    document = members["activities/label_42/label.xml"]
    members["activities/label_42/label.xml"] = document.replace(
        b"<intro></intro>", b"<intro>&lt;p&gt;Bring a notebook.&lt;/p&gt;</intro>"
    )

    assert "Bring a notebook." in text(page(f"/archives/{bring(members).id}/activities/label_42").main)


def test_a_long_book_is_shown_in_pages(page, bring):
    archive = bring(with_module("book", rows=[chapters(60)]))
    address = f"/archives/{archive.id}/activities/book_42"

    first = page(address).main
    second = page(first.find("a", rel="next")["href"]).main

    assert ("Text 1." in text(first), "Text 51." in text(first)) == (True, False)
    assert ("Text 1." in text(second), "Text 51." in text(second)) == (False, True)
    assert not second.find("a", rel="next")


def test_a_very_long_document_is_shown_from_its_beginning(page, bring, monkeypatch):
    monkeypatch.setattr("webapp.archives.preview.LONGEST", 1000)
    archive = bring(with_module("book", rows=[chapters(2000)]))

    shown = text(page(f"/archives/{archive.id}/activities/book_42").main)

    assert "Text 50." in shown
    assert "only its first entries are shown" in shown


def test_no_page_is_looked_for_beyond_a_bound(page, bring, monkeypatch):
    monkeypatch.setattr("webapp.archives.preview.FARTHEST", 1000)
    archive = bring(with_module("book", rows=[chapters(2000)]))

    shown = text(page(f"/archives/{archive.id}/activities/book_42?page=99999999").main)

    assert "only its first entries are shown" in shown


def test_the_other_documents_of_an_activity_can_be_read(page, bring):
    address = f"/archives/{bring(small_course()).id}/activities/page_42"

    shown = page(page(address).find("a", string="Settings around it")["href"]).main

    assert "How it is set up" in text(shown)
    assert "Added" in text(shown)


def test_a_missing_document_is_said_to_be_missing(page, bring):
    members = small_course()
    del members["activities/page_42/page.xml"]

    shown = text(page(f"/archives/{bring(members).id}/activities/page_42").main)

    assert "“page.xml”, which holds what is in it, is missing from the backup." in shown


def test_a_damaged_document_is_said_to_be_damaged(page, bring):
    members = small_course()
    members["activities/page_42/page.xml"] = members["activities/page_42/page.xml"][:300]

    shown = text(page(f"/archives/{bring(members).id}/activities/page_42").main)

    assert "This can’t be shown in full." in shown
    assert "is not well-formed" in shown


@pytest.mark.parametrize("name", ["page_43", "..", "page_42%2F..", "%00", "course"])
def test_what_is_no_activity_of_the_archive_is_not_there(client, bring, name):
    assert client.get(f"/archives/{bring(small_course()).id}/activities/{name}").status_code in (404, 308)


def test_a_file_that_has_become_unreadable_says_so(page, bring):
    archive = bring(small_course())
    path = places.archive_path(archive.id)
    path.write_bytes(path.read_bytes()[:2000])

    assert "cut short" in text(page(f"/archives/{archive.id}/activities/page_42", status=422).main)
    assert not places.archive_index(archive.id).exists()
    assert not list(places.scratch().glob("index-*"))


def test_the_index_goes_with_its_archive(client, bring, teacher, sign_in_as):
    course = make_course()
    archive = bring(small_course())
    archive.course_id = course.id
    db.session.commit()
    for job in archive_jobs():
        client.post(f"/jobs/{job}/cancel")
    client.get(f"/archives/{archive.id}/files")
    kept = places.archive_index(archive.id)
    before = kept.exists()

    client.post(f"/archives/{archive.id}/delete")

    assert before
    assert not kept.exists()


def archive_jobs():
    return [number for (number,) in db.session.execute(db.text("select id from job"))]


def test_only_indexes_of_archives_that_are_gone_are_cleared(client, bring):
    archive = bring(small_course())
    client.get(f"/archives/{archive.id}/files")
    kept, left = places.archive_index(archive.id), places.archive_index(99)
    left.write_bytes(b"of an archive that is gone")
    long_ago = time.time() - 7200
    for path in (kept, left):
        os.utime(path, (long_ago, long_ago))

    leftovers.clear()

    assert (kept.exists(), left.exists()) == (True, False)


def test_an_archive_that_took_anothers_number_shows_its_own(page, bring):
    archive = bring(small_course())
    page(f"/archives/{archive.id}/activities/page_42")
    path = places.archive_path(archive.id)
    new = path.with_suffix(".new")
    new.write_bytes(pack_tgz(with_content("<p>Quite another text.</p>")))
    new.replace(path)

    assert "Quite another text." in text(page(f"/archives/{archive.id}/activities/page_42").main)


@pytest.mark.parametrize(
    "name", each_of(["tide101-4.5-users", "fixture-3.2-imscp-scorm-folder", "real-3.8-damaged-files-blocks"])
)
def test_every_activity_of_a_real_course_can_be_looked_at(page, client, bring, name):
    archive = bring(corpus_file(name).read_bytes())
    report = page(f"/archives/{archive.id}").main
    start = f"/archives/{archive.id}/activities/"

    addresses = {link["href"] for link in report.find_all("a") if link["href"].startswith(start)}

    assert addresses
    for address in sorted(addresses):
        shown = page(address).main
        pictures = [one["src"] for one in shown.find_all("img")]
        assert all(client.get(one).status_code in (200, 404) for one in pictures)
    page(f"/archives/{archive.id}/files")


def test_a_file_of_a_block_stands_with_its_activity(page, bring):
    inside = StoredFile(604, "note.txt", b"Read this.", 90, "block_html")
    members = small_course(files=[PAGE_PICTURE, inside])
    block = b'<?xml version="1.0" encoding="UTF-8"?>\n<block id="5" contextid="90" version="1"></block>'
    members["activities/page_42/blocks/html_5/block.xml"] = block

    shown = text(page(f"/archives/{bring(members).id}/activities/page_42").main)

    assert "note.txt" in shown
