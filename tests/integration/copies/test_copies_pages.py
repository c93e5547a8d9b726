"""The pages for copies, duplicates and imports, without any script."""

import pytest

from tests.factories import join, make_course, make_job, make_person, make_teacher
from tests.pages import form_data, text
from tests.restored import activity, names_in, section
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course as make_whole_course
from webapp.extensions import db
from webapp.models import Course, CourseRole, Job, JobKind, JobState, Membership, Person


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher("nadia"))


def the_form(soup):
    return next(form for form in soup.select("main form") if form.get("method") == "post")


def last_job():
    db.session.rollback()
    return db.session.query(Job).filter(Job.kind != JobKind.MAIL).order_by(Job.id.desc()).first()


def test_a_copy_is_asked_for_and_made(page, client, course, teacher):
    join(make_teacher("odo"), course, CourseRole.TEACHER)
    soup = page(f"/courses/{course.id}")
    link = next(one for one in soup.select(".menu a") if text(one) == "Copy course…")
    form = the_form(page(link["href"]))
    assert [text(one.find_next("span")) for one in form.select("#roles input")] == [
        "Teacher without editing (1 person)"
    ]

    answer = client.post(form["action"], data=form_data(form, shortname="T2", people="y", roles="teacher"))

    assert answer.status_code == 200
    assert "“" not in (last_job().problem or "")
    copy = db.session.query(Course).filter_by(shortname="T2").one()
    assert (copy.fullname, copy.visible) == ("Reading the tide (copy)", False)
    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 2
    members = {
        one.user.username: one.role for one in db.session.query(Membership).filter_by(course_id=copy.id)
    }
    assert members == {"nadia": CourseRole.EDITING_TEACHER, "odo": CourseRole.TEACHER}
    assert f"/courses/{copy.id}" in answer.text


def test_without_ticks_nobody_comes_along(page, client, course, teacher):
    form = the_form(page(f"/courses/{course.id}/copy"))

    client.post(form["action"], data=form_data(form))

    copy = db.session.query(Course).filter_by(shortname="TIDE1 (copy)").one()
    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 0
    assert db.session.query(Membership).filter_by(course_id=copy.id).count() == 1


def test_an_end_that_is_left_as_it_is_moves_along(page, client, course, teacher):
    stored = db.session.get(Course, course.id)
    stored.start_date, stored.end_date = 1756800000, 1782000000
    db.session.commit()
    form = the_form(page(f"/courses/{course.id}/copy"))

    client.post(form["action"], data=form_data(form, start="2026-09-03"))

    copy = db.session.query(Course).filter_by(shortname="TIDE1 (copy)").one()
    assert copy.end_date - 1782000000 == copy.start_date - 1756800000 > 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"shortname": "TIDE1"}, "Another course has this short name."),
        ({"shortname": ""}, "This is empty."),
        ({"start": "2027-05-01", "end": "2027-04-01"}, "It ends before it begins."),
        ({"start": "3000-01-01"}, "Choose a day between 1971 and 2100."),
    ],
)
def test_what_a_copy_can_not_be_is_said_at_its_field(page, client, course, teacher, typed, said):
    form = the_form(page(f"/courses/{course.id}/copy"))

    answer = client.post(form["action"], data=form_data(form, **typed))

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Job).filter_by(kind=JobKind.COPY).count() == 0


def test_a_role_above_the_own_can_not_be_asked_for(page, client, course, teacher):
    join(make_teacher("boss"), course, CourseRole.MANAGER)
    form = the_form(page(f"/courses/{course.id}/copy"))

    answer = client.post(form["action"], data=form_data(form) | {"roles": "manager"})

    assert answer.status_code == 422


def test_who_may_not_make_courses_is_offered_no_copy(client, page, course, sign_in_as):
    sign_in_as(make_person("mo", course=course, course_role=CourseRole.EDITING_TEACHER))

    assert "Copy course…" not in text(page(f"/courses/{course.id}"))
    assert client.get(f"/courses/{course.id}/copy").status_code == 403
    assert client.get("/courses/copies").status_code == 403


def test_strangers_find_nothing_to_copy_or_import(client, course, sign_in_as):
    own = make_course("OWN")
    join(sign_in_as(make_teacher("stranger")), own, CourseRole.EDITING_TEACHER)

    assert client.get(f"/courses/{course.id}/copy").status_code == 404
    assert client.post("/courses/copies", data={"courses": course.id}).status_code == 404
    assert client.get(f"/courses/{own.id}/import/{course.id}").status_code == 404
    assert client.get(f"/courses/{course.id}/import").status_code == 404


def test_several_are_copied_at_once(page, client, course, teacher, in_background):
    other = make_whole_course("Quiet", "QUIET", None, teacher)
    form = the_form(page("/courses/copies"))
    assert [text(one) for one in form.select("label .hint")] == ["QUIET", "TIDE1"]

    answer = client.post(form["action"], data=form_data(form) | {"courses": [course.id, other.id]})

    assert answer.status_code == 303
    jobs = db.session.query(Job).filter_by(kind=JobKind.COPY).order_by(Job.id).all()
    assert [(one.target_id, one.options["shortname"]) for one in jobs] == [
        (course.id, "TIDE1 (copy)"),
        (other.id, "QUIET (copy)"),
    ]
    shelf = page("/").select_one("[aria-labelledby=copies]")
    assert [text(one) for one in shelf.select(".what a")] == ["Reading the tide (copy)", "Quiet (copy)"]


def test_one_of_them_alone_is_watched_to_its_end(page, client, course, teacher):
    form = the_form(page("/courses/copies"))

    watched = client.post(form["action"], data=form_data(form) | {"courses": [course.id]}).text

    assert "Reading the tide (copy) is a course of its own now" in watched
    assert "Reading the tide (copy)" in text(page("/").main)


def test_what_is_not_there_is_not_copied(client, course, teacher):
    for number in ("999", str(10**30)):
        assert client.get(f"/courses/{number}/copy").status_code == 404
        assert client.get(f"/courses/{course.id}/import/{number}").status_code == 404
        assert client.post("/courses/copies", data={"courses": [course.id, number]}).status_code == 404
    assert db.session.query(Job).filter_by(kind=JobKind.COPY).count() == 0


def test_none_chosen_is_said(client, course, teacher):
    answer = client.post("/courses/copies", data={})

    assert answer.status_code == 422
    assert "Choose at least one course." in answer.text


@pytest.mark.parametrize("name", ["Read a tide table", "Week one"])
def test_a_second_one_is_made_from_the_menu_and_undone(page, client, course, teacher, name):
    part = activity(course, name) if name.startswith("Read") else section(course, name)
    soup = page(f"/courses/{course.id}/edit")
    deeds = [one for one in soup.select("button[form=deeds]") if text(one) == "Duplicate"]
    assert len(deeds) == 5
    kind = "activities" if name.startswith("Read") else "sections"
    address = f"/courses/{course.id}/{kind}/{part.id}/duplicate"
    assert address in [one["formaction"] for one in deeds]

    answer = client.post(address)

    assert "stands right after the original" in answer.text
    assert len(activities_of(course.version_id)) == (4 if kind == "activities" else 5)
    ended = page(f"/jobs/{last_job().id}")
    undo = next(one for one in ended.select("main a") if text(one).startswith("Undo"))
    asked = page(undo["href"])
    assert (
        f"It came by this: Copy of the {'activity' if kind == 'activities' else 'section'} “{name}”"
        in text(asked.main)
    )
    form = the_form(asked)
    client.post(form["action"], data=form_data(form))
    assert len(activities_of(course.version_id)) == 3


def test_who_can_not_edit_makes_no_second_one(client, course, sign_in_as):
    sign_in_as(make_person("pupil", course=course))

    address = f"/courses/{course.id}/activities/{activity(course, 'Read a tide table').id}/duplicate"
    assert client.post(address).status_code == 404


def test_what_is_of_another_course_is_not_doubled(client, course, teacher):
    other = make_whole_course("Quiet", "QUIET", None, teacher)
    page_id = activity(course, "Read a tide table").id

    assert client.post(f"/courses/{other.id}/activities/{page_id}/duplicate").status_code == 404


def test_a_page_is_imported_after_a_look(page, client, course, teacher):
    target = make_whole_course("Quiet", "QUIET", None, teacher, sections=2)
    sources = page(f"/courses/{target.id}/import")
    link = next(one for one in sources.select(".acts a") if text(one) == "Reading the tide")
    form = the_form(page(link["href"]))
    assert not form.select("input[type=checkbox][checked]")
    goal = sections_of(target.version_id)[2]
    chosen = form_data(
        form, activities=str(activity(course, "Read a tide table").moodle_id), placing="chosen"
    )
    chosen |= {"section_id": str(goal.id)}

    looked = client.post(form["action"], data=chosen | {"look": "1"})

    assert looked.status_code == 200
    assert "Nothing has been changed yet." in looked.text
    assert activities_of(target.version_id) == []
    done = client.post(form["action"], data=chosen)
    assert "What you chose from Reading the tide is in Quiet now." in done.text
    assert [(one.name, one.section_id) for one in activities_of(target.version_id)] == [
        ("Read a tide table", goal.id)
    ]


def test_all_that_is_ticked_is_the_whole_course(page, client, course, teacher):
    target = make_whole_course("Quiet", "QUIET", None, teacher, sections=2)
    form = the_form(page(f"/courses/{target.id}/import/{course.id}"))
    ticked = {
        name: [one["value"] for one in form.select(f"input[name={name}]")]
        for name in ("sections", "activities")
    }

    client.post(form["action"], data=form_data(form) | ticked | {"placing": "append"})

    assert last_job().options["only"] is None
    assert names_in(target, "Week one") == ["Read a tide table", "How to fold a chart"]


def test_nothing_chosen_imports_nothing(page, client, course, teacher):
    target = make_whole_course("Quiet", "QUIET", None, teacher)
    form = the_form(page(f"/courses/{target.id}/import/{course.id}"))

    answer = client.post(form["action"], data=form_data(form))

    assert answer.status_code == 422
    assert "Choose at least one section or activity." in answer.text


def test_sources_are_found_by_name(page, course, teacher):
    target = make_whole_course("Quiet", "QUIET", None, teacher)

    assert [text(one) for one in page(f"/courses/{target.id}/import?q=tide").select(".acts a")] == [
        "Reading the tide"
    ]
    assert "Nothing found" in text(page(f"/courses/{target.id}/import?q=desert"))


@pytest.mark.parametrize(
    ("kind", "scope", "said"),
    [
        (JobKind.COPY, "course", "is copying this course"),
        (JobKind.COPY, "activity", "is copying the activity “Read” in this course"),
        (JobKind.IMPORT, "course", "is importing into this course"),
    ],
)
def test_who_edits_meanwhile_is_told_and_may_go_on(page, course, teacher, kind, scope, said):
    other = make_teacher("odo", course=course)
    make_job(other, course, kind=kind, scope=scope, title="Read", state=JobState.RUNNING)

    warning = text(page(f"/courses/{course.id}/edit").select_one("#course-warning"))

    assert said in warning
    assert "You can go on editing." in warning


@pytest.mark.parametrize("kind", [JobKind.COPY, JobKind.IMPORT])
@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELLED])
def test_its_page_says_how_it_stands(page, course, teacher, kind, state):
    options = {"people": False} if kind == JobKind.COPY else {}
    job = make_job(
        teacher, course, kind=kind, state=state, title="Tides", problem="It rained.", options=options
    )

    shown = text(page(f"/jobs/{job.id}"))

    assert f"{kind.word} {'from' if kind == JobKind.IMPORT else 'of'} Tides" in shown
    assert ("It rained." in shown) == (state in (JobState.FAILED, JobState.CANCELLED))
    if not job.is_over:
        assert "stops" in text(page(f"/jobs/{job.id}/cancel"))


def test_one_that_did_not_finish_can_be_tried_again(client, course, teacher, in_background):
    options = {"fullname": "Tides", "shortname": "T2"}
    job = make_job(teacher, course, kind=JobKind.COPY, state=JobState.FAILED, options=options)

    client.post(f"/jobs/{job.id}/again")

    again = last_job()
    assert (again.kind, again.options, again.state) == (JobKind.COPY, options, JobState.QUEUED)
