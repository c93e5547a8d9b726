"""A manager of a category is one of every course in it and below, as long as both stay so."""

import pytest
import sqlalchemy as sa

from tests.factories import (
    join,
    keep,
    make_admin,
    make_category,
    make_course,
    make_job,
    make_person,
    make_teacher,
)
from tests.pages import form_data, text
from tests.running import run
from webapp.access.rights import courses_where, forget_rules, may_in_course, may_put_into, role_in
from webapp.extensions import db
from webapp.models import AuditEntry, Category, CategoryManager, CourseRole, JobState
from webapp.people.removal import remove_person


@pytest.fixture
def year(app):
    return make_category("Year 9")


@pytest.fixture
def autumn(year):
    """A category inside the other."""
    return keep(Category(name="Autumn", parent_id=year.id, position=1))


@pytest.fixture
def mona(year):
    """The manager of the outer category."""
    user = make_teacher("mona")
    keep(CategoryManager(category_id=year.id, user_id=user.id))
    forget_rules()
    return user


def test_manager_rights_reach_courses_inside_and_no_others(mona, year, autumn):
    inner, outer = make_course(category_id=autumn.id, visible=False), make_course(category_id=year.id)
    other = make_course(category_id=make_category().id)

    assert [may_in_course(mona, "delete course", one) for one in (inner, outer, other)] == [True, True, False]
    found = db.session.scalars(courses_where(mona, "delete course"))
    assert set(found) == {inner.id, outer.id}


def test_a_lower_role_in_the_course_takes_nothing_away(mona, year):
    course = make_course(category_id=year.id)
    join(mona, course, CourseRole.STUDENT)

    assert role_in(mona, course.id) == CourseRole.MANAGER


def test_who_manages_no_more_has_no_right_left_and_jobs_ask_again(mona, year):
    course = make_course(category_id=year.id)
    job = make_job(mona, course, options={"people": True, "files": True})

    db.session.execute(sa.delete(CategoryManager))
    db.session.commit()
    done = run(job)

    assert done.state == JobState.FAILED
    assert "may no longer" in done.problem


def test_nobody_becomes_a_manager_by_moving_a_course_to_their_category(client, mona, year, sign_in_as):
    course = make_course()
    join(mona, course, CourseRole.EDITING_TEACHER)
    own = make_course()
    join(mona, own, CourseRole.MANAGER)

    assert not may_put_into(mona, course, year.id)
    assert may_put_into(mona, own, year.id)
    sign_in_as(mona)
    client.post(f"/courses/{course.id}/settings", data={
        "fullname": "Mine", "shortname": course.shortname, "category_id": year.id, "visible": "y",
    })  # fmt: skip
    assert course.category_id is None


def test_whoever_is_removed_manages_nothing(mona):
    remove_person(mona, heir=None, by=make_admin())

    assert db.session.scalars(sa.select(CategoryManager)).all() == []


@pytest.fixture
def admin(app, sign_in_as):
    return sign_in_as(make_admin("office"))


def names(soup):
    return [text(one) for one in soup.select("main .act .what > a")]


def test_managers_are_named_and_taken_back_and_that_is_noted(page, client, year, admin):
    ada = make_person("ada")
    form = page(f"/categories/{year.id}").select_one("form[action$='/managers']")

    answer = client.post(form["action"], data=form_data(form, who="ada"))
    assert "Ada Okafor manages every course in “Year 9” from now on." in page(answer.location).text
    assert "1 manager" in page("/categories").text
    client.post(f"/categories/{year.id}/managers/{ada.id}/remove")

    assert db.session.scalars(sa.select(CategoryManager)).all() == []
    noted = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.startswith("category")))
    assert [(one.action, one.thing_id, one.detail) for one in noted] == [
        ("category manager added", ada.id, "Year 9"), ("category manager removed", ada.id, "Year 9"),
    ]  # fmt: skip


def test_who_has_no_account_that_works_manages_nothing(client, year, admin):
    make_person("off", active=False)

    for who, sentence in {"ghost": "Nobody here has this", "off": "switched off"}.items():
        answer = client.post(f"/categories/{year.id}/managers", data={"who": who})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert db.session.scalars(sa.select(CategoryManager)).all() == []


def test_only_admins_name_managers(client, mona, year, sign_in_as):
    sign_in_as(mona)

    assert client.post(f"/categories/{year.id}/managers", data={"who": "mona"}).status_code == 403
    assert client.get("/categories").status_code == 403


def test_categories_go_inside_others_and_keep_their_order(page, client, admin):
    for name in ("Year 9", "Year 10"):
        client.post("/categories", data={"name": name, "parent_id": 0})
    nine, ten = db.session.scalars(sa.select(Category).order_by(Category.position))
    client.post("/categories", data={"name": "Autumn", "parent_id": nine.id})
    client.post("/categories", data={"name": "Winter", "parent_id": nine.id})
    assert names(page("/categories")) == ["Year 9", "Autumn", "Winter", "Year 10"]
    winter = db.session.scalars(sa.select(Category).where(Category.name == "Winter")).one()

    client.post(f"/categories/{winter.id}/move", data={"way": "up"})
    client.post(f"/categories/{ten.id}/move", data={"way": "up"})

    assert names(page("/categories")) == ["Year 10", "Year 9", "Winter", "Autumn"]
    positions = db.session.scalars(sa.select(Category.name).order_by(Category.position)).all()
    assert positions == ["Year 10", "Year 9", "Winter", "Autumn"]


def test_a_category_is_never_inside_itself(client, admin, year, autumn):
    answer = client.post(f"/categories/{year.id}", data={"name": "Year 9", "parent_id": autumn.id})

    assert answer.status_code == 422
    assert year.parent_id is None


def test_a_category_that_holds_others_is_not_deleted(client, page, admin, year, autumn):
    answer = client.post(f"/categories/{year.id}/delete")

    assert "There are categories in it." in page(answer.location).text
    assert db.session.get(Category, year.id) is not None
