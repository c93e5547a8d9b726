"""What a course is called, who sees it, and deleting it."""

import pytest
import sqlalchemy as sa

from tests.factories import make_teacher
from tests.restored import backed_up, restored, root
from tests.running import back_up
from webapp.content.course_settings import change_course, delete_course
from webapp.content.edit import EditRefused
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Course


@pytest.fixture
def course(office):
    return restored(office)


def test_settings_are_saved_and_what_they_dont_name_stays(course, office):
    before = root(backed_up(course, office), "course/course.xml")

    change_course(course, {"fullname": "Tides again", "visible": True, "end_date": 5}, "<p>New</p>", office)

    after = root(backed_up(course, office), "course/course.xml")
    assert (after.findtext("fullname"), after.findtext("visible"), after.findtext("enddate")) == (
        "Tides again",
        "1",
        "5",
    )
    assert after.findtext("summary") == "<p>New</p>"
    assert after.findtext("newsitems") == before.findtext("newsitems")


def test_a_short_name_that_another_course_has_is_refused(course, office):
    make_course("Other", "OTHER", None, make_teacher())

    with pytest.raises(EditRefused) as refused:
        change_course(course, {"shortname": "OTHER"}, "", office)

    assert refused.value.field == "shortname"
    assert course.shortname != "OTHER"


def test_deleting_a_course_leaves_its_backups(course, office):
    _, path = back_up(course, office)

    delete_course(course)

    assert db.session.scalars(sa.select(Course)).all() == []
    assert path.exists()
