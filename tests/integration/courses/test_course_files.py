"""All files of a course: what is listed, found and added up."""

import hashlib

import pytest

from tests.archives import pack_tgz, small_course
from tests.course_documents import StoredFile
from tests.factories import make_course, make_person, make_teacher
from tests.pages import text
from tests.viewing import counted_queries, restored_from
from webapp.extensions import db
from webapp.models import CourseFile

MAP, CHART = b"\x89PNG\r\n\x1a\n" + b"m" * 5000, b"c" * 3000
FILES = (
    StoredFile(601, "map.png", MAP, 72, "mod_page"),
    StoredFile(602, "same map.png", MAP, 70, "course", "section", 32),
    StoredFile(603, "handout.txt", CHART, 73, "mod_resource"),
    StoredFile(604, "old.pdf", b"p" * 10, 70, "course", "legacy"),
    StoredFile(605, "moon.png", b"q" * 20, 70, "question", "questiontext", 300),
    StoredFile(606, "my log.txt", b"l" * 30, 71, "mod_forum", "attachment", 1),
)


@pytest.fixture
def course(app):
    return restored_from(pack_tgz(small_course(files=FILES)))


@pytest.fixture
def as_teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def listed(soup):
    """Of each line: the name, where it is used, its size."""
    return [[text(cell) for cell in row.select("th, td")][:3] for row in soup.select("main tbody tr")]


def names(soup):
    return [text(row.select_one("th a")) for row in soup.select("main tbody tr")]


def test_every_file_is_listed_with_where_it_is_used_the_largest_first(page, course, as_teacher):
    soup = page(f"/courses/{course.id}/files")

    assert listed(soup) == [
        ["map.png", "Read a tide table", "5.0 kB Used 2 times, stored once"],
        ["same map.png", "The course’s own page Summary of a section: Week one", "5.0 kB Used 2 times, stored once"],
        ["handout.txt", "How to fold a chart", "3.0 kB"],
        ["my log.txt Somebody’s own", "Announcements Attached to a post", "30 bytes"],
        ["moon.png", "Questions Text of the question", "20 bytes"],
        ["old.pdf", "Course files from before Moodle 2", "10 bytes"],
    ]  # fmt: skip


def test_what_takes_the_space_is_added_up(page, course, as_teacher):
    words = text(page(f"/courses/{course.id}/files").main)

    assert "Pictures 10 kB, 3 files" in words
    assert "Texts and tables 3.0 kB, 2 files" in words
    assert "PDF 10 bytes, 1 file" in words
    assert "Course files from before Moodle 2 10 bytes, 1 file" in words
    assert "takes 8.1 kB for 5 contents" in words
    assert "5.0 kB are saved by that" in words


#: What is asked for, and what is found.
FOUND = {
    "q=MAP": ["map.png", "same map.png"],
    "kind=PDF": ["old.pdf"],
    "kind=Other files": [],
    "held=legacy": ["old.pdf"],
    "held=questions": ["moon.png"],
    "held=course": ["same map.png"],
    "held=other": [],
    "state=broken": [],
    f"content={hashlib.sha1(MAP).hexdigest()}": ["map.png", "same map.png"],
    "order=name&q=m": ["map.png", "moon.png", "my log.txt", "same map.png"],
    "order=nonsense&q=old": ["old.pdf"],
}


def test_files_are_found_by_name_kind_and_place(page, course, as_teacher):
    found = {asked: names(page(f"/courses/{course.id}/files?{asked}")) for asked in FOUND}

    assert found == FOUND


def test_an_activitys_files_are_found_by_it_and_downloaded(page, client, course, as_teacher):
    everything = page(f"/courses/{course.id}/files")
    key = next(
        one["value"] for one in everything.select("#held option") if text(one) == "How to fold a chart"
    )
    soup = page(f"/courses/{course.id}/files?held={key}")

    (link,) = [one["href"] for one in soup.select("td.actions a")]
    answer = client.get(link)

    assert names(soup) == ["handout.txt"]
    assert answer.data == CHART
    assert "attachment" in answer.headers["Content-Disposition"]


def test_what_is_missing_says_so_and_is_found(page, course, as_teacher):
    row = db.session.query(CourseFile).filter_by(filename="handout.txt").one()
    row.stored_hash = None
    db.session.commit()

    soup = page(f"/courses/{course.id}/files?state=broken")

    assert listed(soup) == [
        ["handout.txt", "How to fold a chart", "Missing: its content was not in the archive."]
    ]
    assert not soup.select("td.actions a")


def test_the_list_is_for_teachers_alone(client, course, sign_in_as):
    for person, status in ((make_person(course=course), 403), (make_teacher(), 404)):
        sign_in_as(person)

        assert client.get(f"/courses/{course.id}/files").status_code == status


def test_a_course_without_files_says_so(page, app, sign_in_as):
    course = make_course()
    sign_in_as(make_teacher(course=course))

    assert "Nothing in this course has a file" in text(page(f"/courses/{course.id}/files").main)


def test_a_long_list_is_shown_by_pages_from_an_index(page, course, as_teacher):
    template = db.session.query(CourseFile).filter_by(filename="handout.txt").one()
    values = {
        one.name: getattr(template, one.name) for one in CourseFile.__table__.columns if one.name != "id"
    }
    db.session.add_all(
        CourseFile(**values | {"filename": f"{one}.txt", "moodle_id": one}) for one in range(900, 960)
    )
    db.session.commit()

    with counted_queries() as asked:
        first = page(f"/courses/{course.id}/files")
        last = page(f"/courses/{course.id}/files?page=99")

    assert len(names(first)) == 25
    assert len(names(last)) == 66 - 50
    assert "66 files, page 3 of 3" in text(last.main)
    by_size = next(one for one in asked if "ORDER BY course_file.filesize DESC" in one)
    plan = db.session.connection().exec_driver_sql(f"explain query plan {by_size}", (1,) * by_size.count("?"))
    steps = [row[3] for row in plan]
    assert steps[0] == "SEARCH course_file USING COVERING INDEX ix_course_file_size (version_id=?)"
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
