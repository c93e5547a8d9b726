"""Admins say what each role may do in a course, and nobody comes to more than that."""

import pytest
from sqlalchemy import event

from tests.factories import make_admin, make_course, make_person, make_teacher
from tests.pages import form_data, parse, text
from tests.running import back_up
from webapp.access.directory import Refused
from webapp.access.rights import COURSE_RULES, may_in_course
from webapp.content.making import make_course as make_whole_course
from webapp.extensions import db
from webapp.models import AuditEntry, CourseRole, JobState, Membership
from webapp.people.course_rights import RIGHT_WORDS, save_rules

MANAGER, EDITOR, TEACHER, STUDENT, GUEST = CourseRole


@pytest.fixture
def admin(sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def save(client, page):
    """Send the table with other ticks than it has."""

    def send(give=(), take=()):
        form = form_data(page("/people/roles").main.find("form"))
        return client.post(
            "/people/roles", data=form | {"rights": sorted((set(form["rights"]) | set(give)) - set(take))}
        )

    return send


def rules(**changed):
    return {**COURSE_RULES, **{action.replace("_", " "): roles for action, roles in changed.items()}}


def test_every_right_is_said_in_words():
    assert set(RIGHT_WORDS) == set(COURSE_RULES)


def test_the_table_shows_what_each_role_may_and_what_is_fixed(page, admin):
    table = page("/people/roles").main.table

    editing = table.find(id="edit-course")
    assert [text(cell) for cell in editing.find_all("td")][3:] == ["– No , fixed", "– No , fixed"]
    assert [box.has_attr("checked") for box in editing.find_all("input")] == [True, True, False]
    assert not table.find(id="see-course").find("input")


def test_a_right_that_is_given_counts_at_once_and_one_that_is_taken_too(app, client, admin, save):
    course = make_course()
    tess = make_teacher("tess", course=course, course_role=TEACHER)
    edda = make_teacher("edda", course=course, course_role=EDITOR)

    answer = save(give=["edit course/teacher"], take=["back up/editingteacher", "back up/manager"])

    assert (answer.status_code, answer.location) == (303, "/people/roles")
    assert may_in_course(tess, "edit course", course)
    assert not may_in_course(edda, "back up", course)
    assert may_in_course(admin, "back up", course)


def test_what_was_changed_says_how_it_came_and_can_be_put_back(client, page, admin, save):
    save(give=["edit course/teacher"])

    row = page("/people/roles").find(id="edit-course")
    client.post("/people/roles/as-it-came")
    after = page("/people/roles")

    assert "As it came: manager, teacher." in text(row)
    assert "All roles may again what they might at first." in text(after.main)
    assert [box.has_attr("checked") for box in after.find(id="edit-course").find_all("input")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("changed", "action", "reason"),
    [
        (rules(delete_course={MANAGER, TEACHER}), "delete course", "Whoever stands higher"),
        (rules(back_up={MANAGER, EDITOR, TEACHER}, see_people={MANAGER, EDITOR}), "back up", "See people"),
        (rules(restore={MANAGER, EDITOR, TEACHER}), "restore", "needs “Edit the course”"),
        (rules(see_hidden=set()), "edit course", "See what is hidden"),
    ],
)
def test_no_role_comes_to_more_than_it_was_given(app, changed, action, reason):
    changed = {right: frozenset(roles) for right, roles in changed.items()}

    with pytest.raises(Refused) as refused:
        save_rules(changed)

    assert reason in refused.value.faults[action]


def test_a_table_that_will_not_do_comes_back_with_its_ticks_and_the_reason(admin, save):
    answer = save(give=["restore/teacher"])

    row = parse(answer.text).find(id="restore")
    assert answer.status_code == 422
    assert "Tick that too." in text(row)
    assert row.find("input", value="restore/teacher").has_attr("checked")


@pytest.mark.parametrize("right", ["edit course/student", "see people/guest"])
def test_pupils_and_guests_get_no_right_whatever_is_sent(admin, save, right):
    pupil = make_person()
    course = make_course()
    role = CourseRole(right.partition("/")[2])
    db.session.add(Membership(user_id=pupil.id, course_id=course.id, role=role))
    db.session.commit()

    save(give=[right])

    assert not may_in_course(pupil, right.partition("/")[0], course)


def test_everybody_in_a_course_goes_on_seeing_it_whatever_is_sent(client, admin):
    course = make_course()
    pupil = make_person(course=course)

    client.post("/people/roles", data={"rights": []})

    assert may_in_course(pupil, "see course", course)


def test_a_job_asks_for_the_rights_in_force_when_it_starts(app):
    teacher = make_teacher()
    course = make_whole_course("Tides", "GEO 1", None, teacher)
    save_rules(rules(back_up=frozenset()))

    job, path = back_up(course, teacher)

    assert job.state == JobState.FAILED
    assert "no longer back up" in job.problem
    assert path is None


def test_lists_obey_the_rights_in_force_too(client, page, sign_in_as):
    course = make_course(fullname="Hidden tides", visible=False)
    sign_in_as(make_teacher(course=course, course_role=TEACHER))
    before = page("/").main

    save_rules(rules(see_hidden=frozenset({MANAGER, EDITOR})))

    assert "Hidden tides" in text(before)
    assert "Hidden tides" not in text(page("/").main)
    assert client.get(f"/courses/{course.id}").status_code == 404


def test_a_page_asks_for_rights_and_settings_once(client, sign_in_as, app):
    course = make_course()
    sign_in_as(make_teacher(course=course))
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *how: asked.append(how[2]))

    client.get(f"/courses/{course.id}/people")

    assert sum("FROM setting" in statement for statement in asked) == 1


def test_changed_rights_are_noted(admin, save):
    save(give=["edit course/teacher"])

    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.title, entry.user_id) == ("rights changed", "Edit the course", admin.id)
    assert entry.detail == "Manager, Teacher, Teacher without editing"


def test_only_admins_see_and_change_the_table(client, sign_in_as):
    sign_in_as(make_teacher())

    assert client.get("/people/roles").status_code == 403
    assert client.post("/people/roles").status_code == 403
    assert client.post("/people/roles/as-it-came").status_code == 403
