"""Editing activities: what an edit changes, what it leaves, and what it refuses."""

import pytest
import sqlalchemy as sa

from jobs import leftovers
from tests.archives import pack_tgz, small_course
from tests.members import same_documents
from tests.restored import activity, backed_up, names_in, restored, root, section
from tests.running import restore
from webapp.content import activities, sections
from webapp.content.course_settings import delete_course
from webapp.content.edit import ContentChanged
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Activity, CourseVersion, Record, set_setting


@pytest.fixture
def course(office):
    return restored(office)


def test_opening_and_closing_a_course_changes_nothing_in_it(course, office):
    before = backed_up(course, office)

    activities.change_activity(course, activity(course, "Read a tide table"), {}, office)
    after = backed_up(course, office)

    assert same_documents(before, after) == []


def test_an_edit_notes_when_the_course_was_changed(course, office):
    before = course.changed_at

    activities.change_activity(course, activity(course, "Read a tide table"), {"name": "Tide tables"}, office)

    assert course.changed_at > before


def test_a_new_name_stands_everywhere(course, office):
    activities.change_activity(course, activity(course, "Read a tide table"), {"name": "Tide tables"}, office)
    members = backed_up(course, office)

    assert root(members, "activities/page_42/page.xml").findtext("page/name") == "Tide tables"
    assert b"<title>Tide tables</title>" in members["moodle_backup.xml"]


def test_a_new_text_keeps_what_else_the_page_is(course, office):
    page = activity(course, "Read a tide table")

    activities.change_activity(course, page, {"content": "<p>Look twice.</p>"}, office)

    own = root(backed_up(course, office), "activities/page_42/page.xml").find("page")
    assert own.findtext("content") == "<p>Look twice.</p>"
    assert own.findtext("displayoptions") == 'a:1:{s:10:"printintro";i:0;}'
    assert own.findtext("revision") == "2"


def test_a_text_that_is_the_same_keeps_its_format(course, office):
    page = activity(course, "Read a tide table")
    with write_transaction() as session:
        session.get(Activity, page.id).content_format = 0

    activities.change_activity(course, page, {"content": page.content}, office)

    assert page.content_format == 0


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 1), (None, 1), (2, 2), (4, 4)])
def test_a_text_that_was_changed_is_html_unless_it_is_typed_as_it_is(course, office, before, after):
    page = activity(course, "Read a tide table")
    with write_transaction() as session:
        session.get(Activity, page.id).content_format = before

    activities.change_activity(course, page, {"content": "New"}, office)

    assert page.content_format == after


def test_an_activity_is_hidden_and_shown(course, office):
    page = activity(course, "Read a tide table")

    activities.show_activity(course, page, visible=False)

    module = root(backed_up(course, office), "activities/page_42/module.xml")
    assert (module.findtext("visible"), module.findtext("visibleold")) == ("0", "0")
    activities.show_activity(course, page, visible=True)
    assert page.visible == 1


def test_an_activity_moves_within_its_section(course, office):
    page, handout = activity(course, "Read a tide table"), activity(course, "How to fold a chart")

    activities.move_activity(course, handout, section(course, "Week one"), page)

    assert names_in(course, "Week one") == ["How to fold a chart", "Read a tide table"]
    assert root(backed_up(course, office), "sections/section_32/section.xml").findtext("sequence") == "43,42"


def test_an_activity_moves_to_another_section(course, office):
    page = activity(course, "Read a tide table")

    activities.move_activity(course, page, section(course, "General"), activity(course, "Announcements"))

    assert names_in(course, "General") == ["Read a tide table", "Announcements"]
    members = backed_up(course, office)
    module = root(members, "activities/page_42/module.xml")
    assert (module.findtext("sectionid"), module.findtext("sectionnumber")) == ("31", "0")
    assert root(members, "sections/section_31/section.xml").findtext("sequence") == "42,41"
    assert root(members, "sections/section_32/section.xml").findtext("sequence") == "43"
    assert b"<moduleid>42</moduleid>\n          <sectionid>31</sectionid>" in members["moodle_backup.xml"]


def test_moving_before_something_that_has_left_goes_to_the_end(course):
    page, handout = activity(course, "Read a tide table"), activity(course, "How to fold a chart")

    activities.move_activity(course, page, section(course, "Week one"), activity(course, "Announcements"))

    assert names_in(course, "Week one") == [handout.name, page.name]


def test_an_activity_goes_with_all_that_hangs_from_it(course, office):
    activities.delete_activity(course, activity(course, "Announcements"))

    members = backed_up(course, office)
    assert not [name for name in members if name.startswith("activities/forum_41/")]
    assert not root(members, "sections/section_31/section.xml").findtext("sequence")


def test_of_what_is_not_kept_the_sweep_leaves_nothing(course, office):
    set_setting("bin_days", 0, by=None)
    db.session.commit()

    activities.delete_activity(course, activity(course, "Announcements"))
    leftovers.clear()

    versions = sa.select(CourseVersion.id)
    assert db.session.scalars(versions).all() == [course.version_id]
    left = db.session.scalars(sa.select(Record.path)).all()
    assert not [path for path in left if path.startswith("activity/forum")]


def test_the_files_of_a_deleted_activity_go_too(course, office):
    activities.delete_activity(course, activity(course, "How to fold a chart"))

    assert b"handout.txt" not in backed_up(course, office)["files.xml"]
    assert b"harbour map.png" in backed_up(course, office)["files.xml"]


def test_what_is_gone_cant_be_edited(course, office):
    page = activity(course, "Read a tide table")
    activities.delete_activity(course, page)

    with pytest.raises(ContentChanged):
        activities.change_activity(course, page, {"name": "Back again"}, office)


def test_what_a_restore_has_replaced_meanwhile_cant_be_edited(course, office):
    page = activity(course, "Read a tide table")
    restore(pack_tgz(small_course()), office, course)

    with pytest.raises(ContentChanged):
        activities.change_activity(course, page, {"name": "Too late"}, office)


def test_a_course_that_is_deleted_meanwhile_cant_be_edited(course, office):
    week = section(course, "Week one")
    delete_course(course)

    with pytest.raises(ContentChanged):
        sections.change_section(course, week, name="Too late", summary="", by=office)


def test_a_leaf_that_a_column_could_not_hold_gives_way_to_an_edit(office):
    members = small_course()
    name = "activities/page_42/module.xml"
    members[name] = members[name].replace(b"<visible>1</visible>", b"<visible>01</visible>")
    _, course = restore(pack_tgz(members), office)
    page = activity(course, "Read a tide table")
    assert root(backed_up(course, office), name).findtext("visible") == "01"

    activities.show_activity(course, page, visible=False)

    assert root(backed_up(course, office), name).findtext("visible") == "0"
