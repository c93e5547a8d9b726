"""A course that is restored with another start: its dates move along, as the dry run has said."""

from datetime import date, datetime

import pytest

from jobs.engine.dry_run import dry_run
from jobs.engine.undo import undo_restore
from jobs.problems import JobProblem
from tests.archives import pack_tgz
from tests.dated_course import COMING, OWN, PERSONAL, START, at, dated_course, found, moved
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.pages import form_data, text
from tests.running import answer, back_up, back_up_part, merge, read_archive, restore
from webapp.content.lookups import activities_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Course, Job, JobState

NEW_START = "2026-09-07"
DAYS = (date(2026, 9, 7) - datetime.fromtimestamp(START).date()).days


@pytest.fixture
def teacher(in_background, sign_in_as):
    return sign_in_as(make_teacher())


def dates_of(course, user, days, *, on):
    """How many of the dates that were so many days after the start stand in a backup of the course, `on` moved."""
    _, path = back_up(course, user)
    return found(members_of(path), [moved(at(day), on) for day in days])


def test_every_date_of_a_new_course_moves_and_nothing_else(teacher):
    members = dated_course()

    job, course = restore(pack_tgz(members), teacher, start_date=NEW_START)

    assert job.state == JobState.DONE, job.problem
    _, path = back_up(course, teacher)
    after = members_of(path)
    days = (*OWN, *COMING, *PERSONAL)
    assert [found(after, [moved(at(day), DAYS)]) for day in days] == [1] * len(days)
    assert (course.start_date, course.end_date) == (moved(START, DAYS), moved(at(120), DAYS))
    assert b"%d" % moved(START, DAYS) in after["moodle_backup.xml"]
    for day in days:
        before, now = str(at(day)).encode(), str(moved(at(day), DAYS)).encode()
        members = {name: content.replace(before, now) for name, content in members.items()}
    assert same_documents(members, after) == []


def test_without_a_start_date_nothing_moves(teacher):
    members = dated_course()

    _, course = restore(pack_tgz(members), teacher)
    _, path = back_up(course, teacher)

    assert same_documents(members, members_of(path)) == []


def test_a_course_whose_content_is_replaced_begins_anew_and_goes_back(teacher):
    course = make_course("Harbours", "HARB", None, teacher)

    restore(pack_tgz(dated_course()), teacher, course, start_date=NEW_START)
    replaced = db.session.get(Course, course.id)
    after = (replaced.fullname, replaced.start_date, replaced.end_date)
    assert undo_restore(course.id)
    db.session.expire_all()
    back = (course.start_date, course.end_date)
    assert undo_restore(course.id)
    db.session.expire_all()

    assert after == ("Harbours", moved(START, DAYS), moved(at(120), DAYS))
    assert back == (0, 0)
    assert (course.start_date, course.end_date) == after[1:]
    assert "course_dates" not in course.version.manifest


def test_what_is_added_moves_and_what_is_there_stays(teacher):
    _, course = restore(pack_tgz(dated_course()), teacher)

    merge(pack_tgz(dated_course()), teacher, course, start_date=NEW_START, sections="append")

    db.session.expire_all()
    assert (course.start_date, course.end_date) == (START, at(120))
    assert dates_of(course, teacher, (*OWN, *COMING, *PERSONAL), on=0) == 17
    assert dates_of(course, teacher, (*COMING, *PERSONAL), on=DAYS) == 14
    assert dates_of(course, teacher, OWN, on=DAYS) == 0


def test_an_activity_becomes_a_course_that_begins_on_that_day(teacher):
    _, course = restore(pack_tgz(dated_course()), teacher)
    quiz = next(one for one in activities_of(course.version_id) if one.type == "quiz")
    _, path = back_up_part(course, quiz, teacher)

    _, made = restore(path.read_bytes(), teacher, start_date=NEW_START)

    assert made.start_date == moved(START, DAYS)
    assert dates_of(made, teacher, (20, 21), on=DAYS) == 2


def test_a_file_without_a_start_is_refused_and_nothing_is_lost(teacher):
    job = read_archive(pack_tgz(dated_course(start=0)), teacher)
    options = {"target": "new", "people": True, "start_date": NEW_START}

    with pytest.raises(JobProblem, match="does not say when its course began"):
        dry_run(job.result["archive_id"], options, teacher.id, job.id)
    done = answer(job, start_date=NEW_START)

    assert done.state == JobState.FAILED
    assert "does not say when its course began" in done.problem
    assert db.session.query(Course).count() == 0


# What is said before


def look(content, user, course=None, **options):
    given = {"target": "merge" if course else "new", "people": True, "start_date": NEW_START} | options
    if course:
        given["course_id"] = course.id
    job = read_archive(content, user)
    return dry_run(job.result["archive_id"], given, user.id, job.id)


def test_the_dates_that_move_are_counted_with_examples_in_the_order_of_the_course(teacher):
    said = look(pack_tgz(dated_course()), teacher)["dates"]

    assert (said["start"], said["new_start"], said["offset_days"]) == (START, moved(START, DAYS), DAYS)
    assert said["count"] == len((*OWN, *COMING, *PERSONAL))
    assert said["fixed"] == ["hologram"]
    assert [(one["type"], one["title"], one["what"], one["from"]) for one in said["examples"]] == [
        ("course", "Reading the tide", "begins", at(0)),
        ("course", "Reading the tide", "ends", at(120)),
        ("course", "Reading the tide", "completed on", at(60)),
        ("event", "Walk to the quay", "begins", at(50)),
        ("section", "Week one", "available from", at(41)),
        ("page", "Read a tide table", "expected to be done", at(40)),
        ("page", "Read a tide table", "available from", at(30)),
        ("page", "Read a tide table", "available until", at(31)),
    ]
    assert all(one["to"] == moved(one["from"], DAYS) for one in said["examples"])


def test_the_dates_of_single_people_count_only_if_they_come(teacher):
    said = look(pack_tgz(dated_course()), teacher, people=False)["dates"]

    assert said["count"] == len((*OWN, *COMING))


def test_what_is_added_counts_only_the_dates_that_come(teacher):
    _, course = restore(pack_tgz(dated_course()), teacher)

    into = look(pack_tgz(dated_course()), teacher, course)["dates"]
    behind = look(pack_tgz(dated_course()), teacher, course, sections="append")["dates"]

    # The section that all of it goes into keeps its own restriction.
    assert (into["count"], behind["count"]) == (13, 14)
    assert not any(one["type"] == "course" for one in into["examples"])


def test_without_a_start_date_or_with_the_same_none_is_said_to_move(teacher):
    content = pack_tgz(dated_course())
    same_day = datetime.fromtimestamp(START).date().isoformat()

    without = look(content, teacher, start_date=None)["dates"]
    same = look(content, teacher, start_date=same_day)["dates"]

    assert (without["new_start"], without["count"], without["examples"]) == (None, 0, [])
    assert (same["new_start"], same["offset_days"], same["count"]) == (START, 0, 0)


def test_the_dates_of_the_course_itself_are_among_what_is_set(teacher):
    course = make_course("Harbours", "HARB", None, teacher)

    new = look(pack_tgz(dated_course()), teacher)["settings"]
    kept = look(pack_tgz(dated_course()), teacher, course, target="replace", start_date=None)["settings"]
    moving = look(pack_tgz(dated_course()), teacher, course, target="replace")["settings"]

    begins = {"what": "start_date", "from": START, "to": moved(START, DAYS)}
    assert begins in new
    assert begins in moving
    assert {"what": "start_date", "from": START, "to": 0} in kept
    assert {"what": "fullname", "from": "Reading the tide", "to": "Harbours"} in kept


# In the browser


def form_of(page, job):
    return page(f"/restores/{job.id}?step=settings").find("form", class_="review")


def test_a_start_date_is_asked_for_looked_at_and_kept(page, client, teacher):
    job = read_archive(pack_tgz(dated_course()), teacher)
    form = form_of(page, job)

    data = form_data(form) | {"target": "new", "people": "yes", "start_date": NEW_START}
    answered = client.post(form["action"], data=data | {"go": "review"})
    shown = page(answered.location)
    client.post(form["action"], data=data)

    assert form.find(id="start_date")["type"] == "date"
    said = text(shown.find("aside", class_="result"))
    assert f"17 dates move by {DAYS} days, forward." in said
    assert "Event “Walk to the quay”: begins" in said
    assert "and 9 more" in said
    assert "Dates within activities of the type hologram stay" in said
    assert form_data(shown.find("form", class_="review"))["start_date"] == NEW_START
    assert db.session.get(Job, job.id).options["start_date"] == NEW_START


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("7.9.2026", "This is no date. Write it as year, month and day: 2026-09-07."),
        ("2026-02-30", "This is no date."),
        ("0001-01-01", "Choose a day between 1971 and 2100."),
    ],
)
def test_what_is_no_day_is_refused(page, client, teacher, given, sentence):
    job = read_archive(pack_tgz(dated_course()), teacher)
    form = form_of(page, job)

    refused = client.post(form["action"], data=form_data(form) | {"start_date": given})

    assert refused.status_code == 422
    assert sentence in refused.text
    assert f'value="{given}"' in refused.text
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_a_file_without_a_start_says_so_instead_of_asking(page, client, teacher):
    job = read_archive(pack_tgz(dated_course(start=0)), teacher)
    form = form_of(page, job)

    refused = client.post(form["action"], data=form_data(form) | {"start_date": NEW_START})

    assert form.find(id="start_date") is None
    assert "does not say when its course began, so its dates stay as they are." in text(form)
    assert refused.status_code == 422
    assert "Restore it without a start date" in refused.text
