"""What was deleted comes back as it was and where it was, or goes for good."""

import xml.etree.ElementTree as ET
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers
from jobs.engine.undo import undo_restore
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import make_admin
from tests.members import same_documents
from tests.restored import activity, backed_up, make_subsection, names_in, restored, section
from tests.running import merge, restore
from webapp.content import activities, sections
from webapp.content.edit import EditRefused
from webapp.content.lookups import activities_of, sections_of
from webapp.content.putting_back import put_back
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Activity, BinEntry, CourseVersion, Document, Record, Section, utc_now


@pytest.fixture
def course(office):
    return restored(office)


def differences(before, after):
    """The names under which two backups differ; what they contain in which order counts too."""
    contents = [
        ET.fromstring(one["moodle_backup.xml"]).find("information/contents") for one in (before, after)
    ]
    said = {ET.canonicalize(ET.tostring(one), strip_text=True) for one in contents}
    return same_documents(before, after) + ([] if len(said) == 1 else ["moodle_backup.xml"])


def make_page(course, name, place, office):
    values = {"name": name, "intro": "", "content": ""}
    return activities.make_activity(course, section(course, place), "page", values, office)


def bin_activity(course, name):
    return activities.delete_activity(course, activity(course, name))


def bin_section(course, name):
    return sections.delete_section(course, section(course, name))


@pytest.mark.parametrize("name", ["Announcements", "Read a tide table", "How to fold a chart"])
def test_an_activity_comes_back_as_it_was(course, office, name):
    before = backed_up(course, office)
    entry = bin_activity(course, name)
    assert differences(before, backed_up(course, office))

    returned = put_back(course, entry)

    assert differences(before, backed_up(course, office)) == []
    assert returned.row == activity(course, name).id


def test_a_section_comes_back_as_it_was(course, office):
    before = backed_up(course, office)
    entry = bin_section(course, "Week one")
    assert [one.name for one in sections_of(course.version_id)] == ["General"]

    put_back(course, entry)

    assert differences(before, backed_up(course, office)) == []


@pytest.mark.parametrize(
    "name", ["tide101-4.5-users", "fixture-2.6-availability", "fixture-3.2-imscp-scorm-folder"]
)
def test_each_part_of_a_real_course_comes_back_as_it_was(app, name):
    office = make_admin()
    _, course = restore(corpus_file(name).read_bytes(), office)
    before = backed_up(course, office)

    for one in sections_of(course.version_id):
        if one.number and not one.parent_cmid:
            put_back(course, sections.delete_section(course, one))
    for one in activities_of(course.version_id):
        put_back(course, activities.delete_activity(course, one))

    assert differences(before, backed_up(course, office)) == []


def test_a_subsection_comes_back_with_what_is_in_it(course, office):
    opener, inner = make_subsection(course, office)
    before = outline(course)

    entry = activities.delete_activity(course, opener)
    assert inner.id not in [one.id for one in sections_of(course.version_id)]
    put_back(course, entry)

    assert outline(course) == before


def outline(course):
    """The sections with their numbers and what is in each."""
    inside = [(one.section_id, one.name, one.id) for one in activities_of(course.version_id)]
    return [
        (one.id, one.number, one.parent_cmid, [name for home, *name in inside if home == one.id])
        for one in sections_of(course.version_id)
    ]


def test_a_section_comes_back_with_its_subsections(course, office):
    make_subsection(course, office)
    before = outline(course)

    entry = bin_section(course, "Week one")
    assert [one[1] for one in outline(course)] == [0]
    put_back(course, entry)

    assert outline(course) == before


@pytest.mark.parametrize("back", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_several_come_back_into_their_order_whichever_comes_first(course, office, back):
    for name in ("One", "Two", "Three"):
        make_page(course, name, "General", office)
    entries = [bin_activity(course, name) for name in ("Two", "One", "Three")]

    for number in back:
        put_back(course, entries[number])

    assert names_in(course, "General") == ["Announcements", "One", "Two", "Three"]


def test_what_was_last_comes_back_before_what_was_added_since(course, office):
    entry = bin_activity(course, "How to fold a chart")
    make_page(course, "New", "Week one", office)

    put_back(course, entry)

    assert names_in(course, "Week one") == ["Read a tide table", "How to fold a chart", "New"]


def test_a_section_comes_back_between_those_that_were_moved_since(course, office):
    for name in ("Two", "Three"):
        sections.make_section(course, name, "", office)
    entry = bin_section(course, "Week one")
    sections.move_section(course, section(course, "Three"), section(course, "Two"))

    put_back(course, entry)

    found = [(one.name, one.number) for one in sections_of(course.version_id)]
    assert found == [("General", 0), ("Three", 1), ("Week one", 2), ("Two", 3)]


def test_an_activity_whose_section_is_gone_goes_into_the_last_one(course, office):
    sections.make_section(course, "Week two", "", office)
    entry = bin_activity(course, "Read a tide table")
    bin_section(course, "Week one")

    returned = put_back(course, entry)

    assert names_in(course, "Week two") == ["Read a tide table"]
    assert "at the end of “Week two”, because the section that it was in is deleted" in returned.says
    page = activity(course, "Read a tide table")
    module = backed_up(course, office)[f"{page.directory}/module.xml"]
    assert ET.fromstring(module).findtext("sectionid") == str(section(course, "Week two").moodle_id)


def test_an_activity_finds_the_section_that_came_back_before_it(course, office):
    before = backed_up(course, office)
    entry = bin_activity(course, "Read a tide table")
    home = bin_section(course, "Week one")

    put_back(course, home)
    put_back(course, entry)

    assert differences(before, backed_up(course, office)) == []


def test_where_there_is_no_section_nothing_comes_back(course):
    entry = bin_activity(course, "Read a tide table")
    bin_section(course, "Week one")
    with write_transaction() as session:
        session.execute(sa.update(Section).values(parent_cmid="1"))

    with pytest.raises(EditRefused, match="no section that it could go into"):
        put_back(course, entry)

    assert db.session.get(BinEntry, entry) is not None


def test_what_is_made_meanwhile_never_has_the_ids_of_what_lies_in_the_bin(course, office):
    entry = bin_section(course, "Week one")
    make_page(course, "New", "General", office)
    merge(pack_tgz(small_course()), office, course, sections="append")

    put_back(course, entry)

    ids = [one.moodle_id for one in (*sections_of(course.version_id), *activities_of(course.version_id))]
    assert len(ids) == len(set(ids)) == 4 + 7


def test_of_two_who_put_the_same_back_one_is_told_that_it_is_done(course):
    entry = bin_activity(course, "Announcements")
    put_back(course, entry)

    with pytest.raises(EditRefused, match="not in the bin any more"):
        put_back(course, entry)

    assert names_in(course, "General") == ["Announcements"]


def test_what_lay_there_for_its_time_cant_come_back(course):
    entry = bin_activity(course, "Announcements")
    expire(entry)

    with pytest.raises(EditRefused, match="its time there is over"):
        put_back(course, entry)


def expire(entry):
    with write_transaction() as session:
        session.get_one(BinEntry, entry).keep_until = utc_now() - timedelta(minutes=1)


def test_the_sweep_deletes_what_lay_there_for_its_time_and_nothing_else(course):
    kept, over = bin_activity(course, "Announcements"), bin_activity(course, "How to fold a chart")
    expire(over)

    leftovers.clear()

    assert db.session.scalars(sa.select(BinEntry.id)).all() == [kept]
    assert {one.name for one in db.session.scalars(sa.select(Activity))} == {
        "Announcements",
        "Read a tide table",
    }
    put_back(course, kept)
    assert names_in(course, "General") == ["Announcements"]


def test_a_restore_taken_back_takes_what_was_deleted_of_it_along(course, office):
    before = backed_up(course, office)
    merge(pack_tgz(small_course()), office, course, sections="append")
    sections.delete_section(course, sections_of(course.version_id)[-1])

    assert undo_restore(course.id)

    assert db.session.scalars(sa.select(BinEntry)).all() == []
    assert differences(before, backed_up(course, office)) == []


def test_what_the_bin_needs_of_a_replaced_content_is_kept_for_it(course, office):
    entry = bin_activity(course, "Announcements")
    _, course = restore(pack_tgz(small_course()), office, course)
    with write_transaction() as session:
        session.execute(sa.update(CourseVersion).values(keep_until=None, undo_course_id=course.id))
    leftovers.clear()

    origin = db.session.get_one(BinEntry, entry).origin_id

    assert {one.name for one in activities_of(origin)} == {"Read a tide table", "How to fold a chart"}


def test_records_stay_with_a_thing_in_the_bin_when_its_course_content_is_swept(course):
    entry = db.session.get_one(BinEntry, bin_activity(course, "Announcements"))
    posts = records_of(entry.version_id)
    origin, entry.origin_id = entry.origin_id, None
    course.version_id = entry.version_id
    db.session.commit()

    leftovers.delete_version(origin)

    assert posts
    assert records_of(entry.version_id) == posts


def records_of(version_id):
    found = sa.select(Record.path, Record.body).join(Document).where(Document.version_id == version_id)
    return db.session.execute(found.order_by(Record.id)).all()


@contextmanager
def touched_rows():
    """How many rows each statement changes."""
    touched = []

    def note(_connection, cursor, *_rest):
        touched.append(max(0, cursor.rowcount))

    sa.event.listen(db.engine, "after_cursor_execute", note)
    yield touched
    sa.event.remove(db.engine, "after_cursor_execute", note)


def test_deleting_touches_no_entry_of_an_activity_however_many_there_are(course):
    forum = activity(course, "Announcements")
    document = db.session.scalars(
        sa.select(Document).where(Document.activity_id == forum.id, Document.name == "forum.xml")
    ).one()
    values = {
        "version_id": course.version_id,
        "document_id": document.id,
        "slot": 9,
        "path": "x",
        "body": b"x",
    }
    db.session.execute(sa.insert(Record), [values | {"position": number} for number in range(20_000)])
    db.session.commit()

    with touched_rows() as touched:
        entry = bin_activity(course, "Announcements")
        put_back(course, entry)

    assert sum(touched) < 100
