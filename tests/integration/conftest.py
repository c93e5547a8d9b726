"""Who is there, and the course that most tests of the engine begin with. A file that needs another says so itself."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_teacher
from tests.running import restore


@pytest.fixture
def teacher(app):
    return make_teacher()


@pytest.fixture
def course(teacher):
    """The small course of two sections, restored by the teacher."""
    _, course = restore(pack_tgz(small_course()), teacher)
    return course
