"""For any answer to a restore: what the dry run says is what happens."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.foreseen import ARCHIVES, COURSES, Choice, School, choices, differences

FIXED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.timeout(300)
@settings(FIXED, max_examples=10)
@given(choice=choices(ARCHIVES, COURSES))
@example(choice=Choice("dated", "merge", True, "2026-09-07", "dated", "number"))
@example(choice=Choice("dated", "replace", False, "2026-09-07", "small", "number"))
@example(choice=Choice("section", "new", True, "2019-03-02", "empty", "number", "an activity"))
@example(choice=Choice("dated", "merge", True, "2026-09-07", "small", "number", "a section and kinds"))
def test_what_is_said_of_any_answer_is_what_happens(app, choice):
    assert differences(_school(app), choice) == {}


def _school(app):
    """One school for all answers, so that each finds what the earlier ones have left."""
    if "school" not in app.extensions:
        app.extensions["school"] = School()
    return app.extensions["school"]


@pytest.mark.long
@pytest.mark.timeout(1500)
@settings(FIXED, max_examples=150)
@given(choice=choices(ARCHIVES, COURSES))
def test_what_is_said_of_very_many_answers_is_what_happens(app, choice):
    assert differences(_school(app), choice) == {}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("target", ["new", "replace", "merge"])
@pytest.mark.parametrize("people", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "tide101-4.5-users",
        "tide101-4.5-section",
        "tide101-4.5-activity-quiz",
        "fixture-2.6-availability",
        "fixture-2.8-activity-quiz-zip",
        "fixture-3.5-question-categories",
        "fixture-3.11-plugin-studentquiz-users",
        "fixture-4.3-activity-quiz-random",
        "real-3.8-small",
    ],
)
def test_what_is_said_of_a_real_archive_is_what_happens(app, name, people, target):
    school = _school(app)
    school.add(name)

    assert differences(school, Choice(name, target, people, "2026-09-07", "dated", "append")) == {}
