"""From a backup to a course in the browser: asking, looking through, answering."""

from datetime import timedelta

import pytest

from jobs.archive.survey import ActivityFound, Counts, Origin, Problem, SectionFound, Survey
from tests.archives import pack_tgz, small_course
from tests.factories import (
    join,
    make_admin,
    make_archive,
    make_category,
    make_course,
    make_job,
    make_person,
    make_teacher,
)
from tests.pages import form_data, fragment, parse, text
from tests.running import read_archive, restore
from tests.subsections import with_subsection
from webapp.extensions import db
from webapp.models import ArchiveOrigin, CourseRole, Job, JobKind, JobState, utc_now


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


def survey_of(**values):
    """What reading a file found: two sections, one of the activities of a type that we don't know."""
    found = Survey(
        container="tgz", size=655_000_000, unpacked=700_000_000, kind="course", format="moodle2",
        name="tides-and-coasts-2025.mbz", moodle_version="2024100705", moodle_release="4.5.5 (Build: 20250616)",
        backup_version=2024100700, backup_release="4.5", backup_date=1760600000, with_people=True, anonymised=False,
        with_files=True, origin=Origin("https://old.example", "", 7, "topics", "Tides and Coasts", "TIDE 9"),
        sections=[
            SectionFound(1, "Before we start", [ActivityFound(11, "page", "Welcome", "activities/page_11", 1)]),
            SectionFound(2, "Cliffs", [ActivityFound(12, "hotpot", "Rock types", "activities/hotpot_12", 41)]),
        ],
        counts=Counts({"page": 1, "hotpot": 1}, 2, 42, 40, 650_000_000, 28, 64), unknown_types=["hotpot"],
    )  # fmt: skip
    for name, value in values.items():
        setattr(found, name, value)
    return found


def waiting(user, survey=None, *, options=None, **values):
    """A restore of the person that has read its file and waits for an answer."""
    archive = make_archive(user, survey=(survey or survey_of()).to_json(), filename="tides.mbz", **values)
    return make_job(user, kind=JobKind.RESTORE, scope="archive", target_id=archive.id, title="tides.mbz",
                    state=JobState.WAITING, options=options or {}, result={"archive_id": archive.id})  # fmt: skip


def answer_form(page, job, step="where"):
    return page(f"/restores/{job.id}?step={step}").find("form", class_="review")


def test_a_backup_from_the_list_is_read_first(client, app, sign_in_as, in_background):
    course = make_course()
    teacher = sign_in_as(make_teacher(course=course))
    archive = make_archive(teacher, course)

    answer = client.post(f"/archives/{archive.id}/restore", data={"course_id": course.id})

    job = db.session.query(Job).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (job.kind, job.scope, job.target_id, job.course_id) == ("restore", "archive", archive.id, None)
    assert (job.title, job.options) == (archive.filename, {"asked_from": course.id})


def test_a_link_to_restoring_asks_first(page, client, teacher, in_background):
    archive = make_archive(teacher)

    asked = page(f"/archives/{archive.id}/restore")
    before = db.session.query(Job).count()
    client.post(asked.main.form["action"])

    assert text(asked.h1) == "Restore from this backup?"
    assert (before, db.session.query(Job).count()) == (0, 1)


def test_who_may_restore_nowhere_is_told_so(client, app, sign_in_as):
    owner = sign_in_as(make_person())

    assert client.post(f"/archives/{make_archive(owner).id}/restore").status_code == 403


def test_the_page_shows_what_is_in_the_file(page, teacher):
    job = waiting(teacher)

    shown = page(f"/restores/{job.id}")

    said = text(shown.main)
    for words in (
        "tides.mbz 655 MB made Thu 16 Oct 2025",
        "with Moodle 4.5.5",
        "Tides and Coasts from https://old.example",
        "Question bank 64 questions",
        "People 28 people",
        "Rock types Kept as it is 41 files",
        "types that we do not know: hotpot",
        "2 activities in 2 sections",
        "42 files, 650 MB",
    ):
        assert words in said
    assert [text(one) for one in shown.select(".tree summary b")] == ["Before we start", "Cliffs"]


def test_damage_is_listed_before_anything_happens(page, teacher):
    places = [{"directory": "activities/page_11"}] * 2 + [{}] * 28
    damaged = [Problem("damage", f"“{number}.pdf” is empty.", **place) for number, place in enumerate(places)]
    odd = Problem("note", "The file was packed by another program.")
    job = waiting(teacher, survey_of(problems=[*damaged, odd], damage=30, notes=1))

    shown = page(f"/restores/{job.id}")

    notice = shown.select_one(".notice.warn")
    assert "30 things in this file are damaged. The restore can go on" in text(notice)
    assert len(notice.find_all("li")) == 30
    assert len(notice.find("details").find_all("li")) == 10
    assert "Welcome 2 damaged" in text(shown.select_one(".tree"))
    assert "Worth knowing about this file. The file was packed by another program." in text(shown.main)


def test_the_form_proposes_names_that_are_free(page, teacher):
    make_course("TIDE 9")

    form = answer_form(page, waiting(teacher))

    assert form.find(id="fullname")["value"] == "Tides and Coasts"
    assert form.find(id="shortname")["value"] == "TIDE 9_1"


@pytest.mark.parametrize(("origin", "people"), [(ArchiveOrigin.UPLOAD, "no"), (ArchiveOrigin.BACKUP, "yes")])
def test_people_of_elsewhere_stay_out_unless_asked_for(page, teacher, origin, people):
    form = answer_form(page, waiting(teacher, origin=origin))

    assert form_data(form)["people"] == people


def test_a_file_without_people_asks_nothing_about_them(page, client, teacher, in_background):
    job = waiting(teacher, survey_of(with_people=False))
    form = answer_form(page, job, "settings")

    client.post(form["action"], data=form_data(form) | {"people": "yes"})

    assert not form.find("input", attrs={"name": "people", "type": "radio"})
    assert db.session.get(Job, job.id).options["people"] is False


def test_a_restore_into_a_new_course_goes_in_line(page, client, teacher, in_background):
    category = make_category("Geography")
    job = waiting(teacher)
    form = answer_form(page, job)

    data = form_data(form) | {
        "fullname": "Coasts",
        "shortname": "GEO 9",
        "category_id": category.id,
        "people": "yes",
    }
    answer = client.post(form["action"], data=data)

    job = db.session.get(Job, job.id)
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (job.state, job.title, job.course_id, job.scope) == (JobState.QUEUED, "Coasts", None, "archive")
    assert job.options == {
        "target": "new", "people": True, "fullname": "Coasts", "shortname": "GEO 9", "category_id": category.id,
    }  # fmt: skip


def test_a_restore_that_replaces_goes_in_line_for_that_course(page, client, app, sign_in_as, in_background):
    course = make_course("GEO 9", fullname="Old coasts")
    teacher = sign_in_as(make_teacher(course=course))
    job = waiting(teacher)
    form = answer_form(page, job)

    client.post(form["action"], data=form_data(form) | {"target": "replace", "course_id": course.id})

    job = db.session.get(Job, job.id)
    assert (job.state, job.scope, job.target_id, job.course_id) == (
        JobState.QUEUED,
        "course",
        course.id,
        course.id,
    )
    assert job.options == {"target": "replace", "people": False, "course_id": course.id}
    assert job.title == "Old coasts"
    assert "GEO 9: Old coasts (3 sections, 7 activities)" in text(form.find(id="course_id"))
    assert "For 7 days it can be put back with one click." in text(form)


def test_the_course_it_was_asked_from_is_proposed(page, app, sign_in_as):
    make_course(fullname="Aaa")
    course = make_course(fullname="Zzz")
    job = waiting(sign_in_as(make_admin()), options={"asked_from": course.id})

    assert form_data(answer_form(page, job))["course_id"] == str(course.id)


def test_only_courses_that_the_person_may_restore_into_are_offered(page, client, teacher):
    mine, watched = make_course(fullname="Mine"), make_course(fullname="Watched")
    join(teacher, mine, CourseRole.EDITING_TEACHER)
    join(teacher, watched, CourseRole.TEACHER)
    other = make_course(fullname="Other")
    job = waiting(teacher)
    form = answer_form(page, job)

    answer = client.post(form["action"], data=form_data(form) | {"target": "replace", "course_id": other.id})

    assert [option["value"] for option in form.find(id="course_id").find_all("option")] == [str(mine.id)]
    assert answer.status_code == 422
    assert "Choose one of the courses that you may restore into." in answer.text
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_who_makes_no_courses_is_offered_only_what_goes_into_one(page, client, app, sign_in_as):
    course = make_course()
    editor = sign_in_as(make_person(course=course, course_role=CourseRole.EDITING_TEACHER))
    job = waiting(editor)
    form = answer_form(page, job)

    answer = client.post(
        form["action"], data=form_data(form) | {"target": "new", "fullname": "A", "shortname": "B"}
    )

    assert [radio["value"] for radio in form.find_all("input", attrs={"name": "target"})] == [
        "merge",
        "replace",
    ]
    assert form_data(form)["target"] == "replace"
    assert answer.status_code == 422
    assert "You may not make courses here." in answer.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"shortname": "GEO 9"}, "Another course has this short name. Try “GEO 9_1”."),
        ({"shortname": " "}, "Give the course a short name."),
        ({"fullname": ""}, "Give the course a name."),
        ({"target": ""}, "Say where it should go."),
    ],
)
def test_an_answer_that_can_not_be_is_refused(page, client, teacher, changes, sentence):
    make_course("GEO 9")
    job = waiting(teacher)
    form = answer_form(page, job)

    answer = client.post(form["action"], data=form_data(form) | changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_two_restores_of_one_person_into_one_course_are_refused(page, client, app, sign_in_as, in_background):
    course = make_course()
    teacher = sign_in_as(make_teacher(course=course))
    make_job(teacher, course, kind=JobKind.RESTORE)
    job = waiting(teacher)
    form = answer_form(page, job)

    answer = client.post(form["action"], data=form_data(form) | {"target": "replace", "course_id": course.id})

    assert answer.status_code == 422
    assert "Another restore into this course is under way." in answer.text
    assert db.session.get(Job, job.id).state == JobState.WAITING


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_what_does_not_wait_is_shown_as_it_is(client, teacher, state):
    job = waiting(teacher)
    job.state = state
    db.session.commit()

    answer = client.get(f"/restores/{job.id}")

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")


def test_not_restoring_ends_the_job(page, client, teacher):
    job = waiting(teacher)
    shown = page(f"/restores/{job.id}")

    button = shown.find("button", string="Do not restore")
    client.post(shown.find(id=button["form"])["action"])

    assert db.session.get(Job, job.id).state == JobState.CANCELLED


def test_somebody_elses_restore_is_not_there(client, teacher):
    job = waiting(make_teacher())

    assert client.get(f"/restores/{job.id}").status_code == 404
    assert client.post(f"/restores/{job.id}", data={"target": "new"}).status_code == 404


def test_an_admin_answers_with_the_rights_of_whoever_asked(page, app, sign_in_as):
    make_course(fullname="Not the teacher’s")
    job = waiting(make_teacher())
    sign_in_as(make_admin())

    form = answer_form(page, job)

    assert not form.find(id="course_id")


# From step to step


@pytest.fixture
def go(page, client):
    """Send the form of a step and go to another one; returns that one's page."""

    def send(shown, step, **changes):
        form = shown.find("form", class_="review")
        answer = client.post(form["action"], data=form_data(form, go=step) | changes)
        assert answer.status_code == 303, text(shown.main)
        return page(answer.location)

    return send


def test_what_was_chosen_comes_along_to_the_end_and_back(page, client, go, teacher, in_background):
    job = restorable(teacher)

    where = go(page(f"/restores/{job.id}"), "where")
    settings = go(where, "settings", fullname="Coasts", shortname="GEO 9")
    review = go(settings, "review", people="yes", visible="y")
    back = go(go(review, "settings"), "where")
    again = go(back, "review")
    form = again.find("form", class_="review")
    client.post(form["action"], data=form_data(form))

    assert back.find(id="fullname")["value"] == "Coasts"
    said = text(review.find(class_="chosen"))
    for words in ("Into a new course", "Coasts (GEO 9)", "Brought back", "See it at once"):
        assert words in said
    assert db.session.get(Job, job.id).options == {
        "target": "new", "people": True, "fullname": "Coasts", "shortname": "GEO 9", "category_id": None,
        "visible": True,
    }  # fmt: skip


def test_the_last_step_says_what_would_happen_and_how_long_it_takes(page, go, teacher):
    job = restorable(teacher)
    ended = utc_now()
    make_job(teacher, kind=JobKind.RESTORE, state=JobState.DONE, total_bytes=5000, finished_at=ended,
             started_at=ended - timedelta(minutes=4))  # fmt: skip

    review = go(page(f"/restores/{job.id}"), "review")

    said = text(review.find("aside", class_="result"))
    assert "3 activities in 2 sections" in said
    assert "Usually about 4 minutes." in said
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_a_wrong_answer_holds_up_who_goes_on_but_not_who_goes_back(page, client, teacher):
    make_course("GEO 9")
    form = answer_form(page, restorable(teacher))
    data = form_data(form, shortname="GEO 9")

    on = client.post(form["action"], data=data | {"go": "review"})
    back = client.post(form["action"], data=data | {"go": "contents"})

    assert on.status_code == 422
    assert text(parse(on.text).select_one("[aria-current=step]")) == "3 Where it goes"
    assert "Another course has this short name." in on.text
    assert (back.status_code, "GEO+9" in back.location) == (303, True)


@pytest.mark.parametrize("wrong", ["target=nowhere", "start_date=soon", "course_id=9999&target=merge"])
def test_an_address_that_says_what_can_not_be_changes_nothing(page, teacher, wrong):
    job = restorable(teacher)

    shown = page(f"/restores/{job.id}?step=review&{wrong}")

    assert text(shown.select_one("[aria-current=step]")) == "5 Look through"
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_a_restored_course_can_be_seen_by_pupils_at_once(app):
    teacher = make_teacher()

    _, seen = restore(pack_tgz(small_course()), teacher, visible=True)
    _, unseen = restore(pack_tgz(small_course()), teacher)

    assert (seen.visible, unseen.visible) == (True, False)


def restorable(user):
    """A restore of a real file that waits for an answer."""
    return read_archive(pack_tgz(small_course()), user)


# Leaving some of it out

LINKS = "“Read a tide table” links to “How to fold a chart”, which stays out."


@pytest.fixture
def reading(teacher, in_background):
    """A restore that has read the course with a subsection in “Week one”, and waits."""
    return read_archive(pack_tgz(with_subsection(small_course())), teacher)


@pytest.fixture
def linked(teacher, in_background):
    """The same of a course in which a page links to the handout."""
    members = small_course()
    own = "activities/page_42/page.xml"
    members[own] = members[own].replace(b"The sea comes", b"$@RESOURCEVIEWBYID*43@$ The sea comes")
    return read_archive(pack_tgz(members), teacher)


def ticked(form, name):
    return [one["value"] for one in form.select(f"input[name={name}][checked]")]


def test_what_is_unticked_stays_out_from_step_to_step_to_the_job(page, client, reading):
    form = answer_form(page, reading, "contents")
    sent = form_data(form) | {"sections": ["32"], "activities": ["43", "44", "45"], "go": "settings"}
    settings = parse_answer(client, form, sent)
    kinds = [one for one in ticked(settings, "content") if one not in ("badges", "filters")]
    review = parse_answer(client, settings, form_data(settings) | {"content": kinds, "go": "review"})
    back = parse_answer(client, review, form_data(review) | {"go": "contents"})
    client.post(review["action"], data=form_data(review))

    assert (ticked(form, "sections"), ticked(form, "activities")) == (
        ["31", "32"],
        ["41", "42", "43", "44", "45"],
    )
    assert (ticked(back, "sections"), ticked(back, "activities")) == (["32"], ["43", "44", "45"])
    said = text(review)
    assert "Left out General, Read a tide table Change" in said
    assert "Left out besides Filters, Badges Change" in said
    assert "3 activities in 2 sections" in said
    options = db.session.get(Job, reading.id).options
    assert options["leave_out"] == {"sections": [31], "activities": [41, 42]}
    assert options["without"] == ["filters", "badges"]


def parse_answer(client, form, data):
    """Send a form and go where it leads; returns the form there."""
    return parse(client.get(client.post(form["action"], data=data).location).text).find(
        "form", class_="review"
    )


def test_all_and_none_are_ticked_at_once(page, client, reading):
    form = answer_form(page, reading, "contents")

    none = parse_answer(client, form, form_data(form) | {"pick": "none"})
    refused = client.post(none["action"], data=form_data(none) | {"go": "where"})
    every = parse_answer(client, none, form_data(none) | {"pick": "all"})

    assert (ticked(none, "sections"), ticked(none, "activities")) == ([], [])
    assert refused.status_code == 422
    assert "Choose at least one section. A restore of nothing brings nothing." in refused.text
    assert len(ticked(every, "activities")) == 5


def test_a_restore_of_all_says_nothing_of_it_to_the_job(page, client, reading):
    form = answer_form(page, reading, "contents")

    client.post(form["action"], data=form_data(form))

    assert not {"leave_out", "without"} & db.session.get(Job, reading.id).options.keys()


@pytest.mark.parametrize("step", ["contents", "where", "settings", "review"])
def test_what_needs_what_stays_out_is_said_from_there_on(page, client, linked, step):
    form = answer_form(page, linked, "contents")

    there = parse_answer(client, form, form_data(form) | {"activities": ["41", "42"], "go": step})

    assert LINKS in text(there.select_one(".notice.warn"))


def test_it_is_said_while_one_chooses(page, client, linked):
    form = answer_form(page, linked, "contents")
    address = form.select_one("#left-out")["hx-post"]

    without = client.post(address, data=form_data(form) | {"activities": ["41", "42"]})
    whole = client.post(address, data=form_data(form))

    assert LINKS in text(fragment(without.text))
    assert "needs what you leave out" not in whole.text


def test_kinds_are_ticked_as_admins_say_and_what_is_locked_counts_whatever_is_sent(
    page, client, decide, reading
):
    decide(restore_content=["blocks", "filters"], restore_content_locked=["filters", "badges"])
    form = answer_form(page, reading, "settings")

    client.post(form["action"], data=form_data(form) | {"content": ["comments", "badges"]})

    assert ticked(form, "content") == ["blocks", "filters"]
    assert [one["value"] for one in form.select("input[name=content][disabled]")] == ["filters", "badges"]
    assert {"comments", "filters"} & set(db.session.get(Job, reading.id).options["without"]) == set()
    assert "badges" in db.session.get(Job, reading.id).options["without"]


def test_of_one_activity_nothing_can_be_left_out_but_kinds(page, teacher):
    job = waiting(teacher, survey_of(kind="activity", sections=[], loose_activities=[
        ActivityFound(11, "page", "Welcome", "activities/page_11", 1)]))  # fmt: skip

    assert not answer_form(page, job, "contents").select("input[type=checkbox]")
    assert "activities" not in ticked(answer_form(page, job, "settings"), "content")


@pytest.mark.parametrize("out", ["nonsense", "eJw", "A" * 50])
def test_an_address_that_is_not_whole_leaves_nothing_out_and_a_form_is_refused(page, client, reading, out):
    form = page(f"/restores/{reading.id}?step=contents&out={out}").find("form", class_="review")
    sent = client.post(form["action"], data=form_data(form) | {"out": out, "go": "where"})

    assert len(ticked(form, "activities")) == 5
    assert sent.status_code == 400
