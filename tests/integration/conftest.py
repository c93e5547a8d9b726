"""Who is there, and the course that most tests of the engine begin with. A file that needs another says so itself."""

import pytest

from tests.factories import make_admin, make_teacher
from tests.restored import restored


@pytest.fixture
def teacher(app):
    return make_teacher("adaeze")


@pytest.fixture
def office(app):
    return make_admin("office")


@pytest.fixture
def course(teacher):
    """The small course of two sections, restored by the teacher."""
    return restored(teacher)
