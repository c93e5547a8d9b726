"""Who looks after the automatic backups, and a course that has some."""

import pytest

from tests.automating import a_course
from tests.factories import make_admin


@pytest.fixture
def ruth(app):
    return make_admin("ruth")


@pytest.fixture
def tides(ruth):
    return a_course(ruth)
