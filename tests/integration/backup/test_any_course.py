"""Any course that the declarations allow, and what they don't know besides, goes round equal."""

import pytest
from hypothesis import HealthCheck, given, settings

from jobs.archive.comparing import compare
from tests.archives import pack_tgz, save
from tests.declared.changing import any_courses
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, restore

#: The application is made once for all courses of a test; each is a course of its own in it.
QUICK = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=400)


@pytest.mark.timeout(300)
@QUICK
@given(course=any_courses(changes=100))
def test_a_course_goes_round_equal(app, tmp_path, course):
    goes_round_equal(course, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(3600)
@LONG
@given(course=any_courses(changes=300))
def test_many_courses_go_round_equal(app, tmp_path, course):
    goes_round_equal(course, tmp_path)


def goes_round_equal(given, folder):
    teacher, members = make_teacher(), given.members()
    original = save(folder / "original.mbz", pack_tgz(members))

    _, course = restore(original.read_bytes(), teacher)
    _, path = back_up(course, teacher)
    _, without = back_up(course, teacher, people=False)

    assert same_documents(members, members_of(path)) == []
    assert compare(original, path).differences == []
    assert of_documents(same_documents(given.members(people=False), members_of(without))) == []


def of_documents(names):
    """Without the files: whose they are is told by what they belong to, which may be gone here."""
    return [name for name in names if name.endswith(".xml") and name != "files.xml"]
