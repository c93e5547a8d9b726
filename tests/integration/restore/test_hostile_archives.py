"""Archives whose documents mean harm, restored and looked at: nothing is unforeseen."""

import pytest

from tests.factories import make_teacher
from tests.hostile.documents import DOCUMENTS
from tests.running import answer, back_up, read_archive
from webapp.content.lookups import activities_of
from webapp.extensions import db
from webapp.models import Course, JobState

#: Those that reach what restores, shows and writes; the sweep in tests/long takes all of them there.
REACHING = [
    f"ids that are {'9' * 20!r} everywhere", "ids that are '-1' everywhere", "ids that are '٣' everywhere",
    f"contextid that is {'9' * 20!r}", f"filesize that is {'9' * 20!r}", f"parent that is {'9' * 20!r}",
    "a type with markup in it", "a content with a way in it", "files with ways in their names",
    "categories in a circle", "a quiz’s own category in a circle", "questions that are parts of one another",
    "sections that open from one another", "a condition deep in conditions", "settings deep in settings",
    "a link to 5,000 digits", "a text of $@PAGEVIEWBYID*1@$ without end", "a text of <p> without end",
]  # fmt: skip
ENDED_WELL = (JobState.DONE, JobState.WARNED)


@pytest.mark.parametrize("name", REACHING)
def test_what_can_be_restored_can_be_shown_and_written_too(name, app, client, sign_in_as, caplog):
    teacher = sign_in_as(make_teacher())

    job = read_archive(DOCUMENTS[name][0](), teacher)
    job = answer(job) if job.state == JobState.WAITING else job
    course = db.session.get(Course, job.result.get("course_id", 0))
    pages = [client.get(one).status_code for one in pages_of(course)] if course else []
    backup = back_up(course, teacher)[0].state if course else JobState.DONE

    assert "Traceback" not in caplog.text
    assert (job.state in ENDED_WELL) == (course is not None), job.problem
    assert set(pages) <= {200}
    assert backup in ENDED_WELL


def pages_of(course):
    there = f"/courses/{course.id}"
    yield from (there, f"{there}/people", f"{there}/questions", f"{there}/backups/new")
    yield from (f"{there}/activities/{one.id}" for one in activities_of(course.version_id))
