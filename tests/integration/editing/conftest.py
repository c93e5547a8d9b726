"""A course that was made here, somebody who edits it, and a page in it."""

import pytest

from tests.factories import join, make_teacher
from tests.integration.editing import TEXT
from webapp.content.activities import make_activity as make_whole_activity
from webapp.content.lookups import sections_of
from webapp.content.making import make_course as make_whole_course
from webapp.models import CourseRole


@pytest.fixture
def course(app):
    return make_whole_course("Tides", "GEO 9", None, make_teacher("nadia"), sections=2)


@pytest.fixture
def teacher(course, sign_in_as):
    """Somebody who edits the course, signed in."""
    teacher = make_teacher("odo")
    join(teacher, course, CourseRole.EDITING_TEACHER)
    return sign_in_as(teacher)


@pytest.fixture
def written(course, teacher):
    """A page whose text holds a picture."""
    section = sections_of(course.version_id)[1]
    return make_whole_activity(
        course, section, "page", {"name": "Read me", "intro": "", "content": TEXT}, teacher
    )
