"""What an archive claims of people and of its course: no right, no account and no place comes of it."""

import pytest
import sqlalchemy as sa

from tests.archives import pack_tgz, small_course
from tests.factories import join, make_admin, make_category, make_course, make_person, make_teacher
from tests.running import restore
from webapp.extensions import db
from webapp.models import Course, CourseRole, Membership, User


def replaced(members, name, old, new):
    assert old in members[name], name
    return members | {name: members[name].replace(old, new)}


def claiming(username, email):
    """The small course, in which somebody with this account manages everything everywhere."""
    members = replaced(small_course(shortname="TAKEN"), "users.xml", b">aholt<", f">{username}<".encode())
    members = replaced(members, "users.xml", b">a.holt@school.example<", f">{email}<".encode())
    members = replaced(
        members, "users.xml", b"<auth>", b"<password>$2y$10$forged</password><suspended>0</suspended><auth>"
    )
    members = replaced(members, "roles.xml", b"editingteacher", b"manager")
    return replaced(members, "course/roles.xml", b"<roleid>5<", b"<roleid>3<")


@pytest.fixture
def people(app):
    """An admin, a pupil and a teacher of this site, whom an archive may name."""
    return {"ruth": make_admin("ruth"), "pip": make_person("pip"), "sam": make_teacher("sam", active=False)}


def accounts():
    return db.session.execute(sa.select(*User.__table__.columns).order_by(User.id)).all()


def roles_in(course):
    found = sa.select(Membership.user_id, Membership.role).where(Membership.course_id == course.id)
    return dict(db.session.execute(found).all())


@pytest.mark.parametrize("username", ["ruth", "pip", "sam"])
@pytest.mark.parametrize("same_people", [[], ["ruth", "pip", "sam"]])
def test_nobody_is_made_or_made_more_than_they_are(people, username, same_people):
    teacher, named = make_teacher("nadia"), people[username]
    before = accounts()

    _, course = restore(pack_tgz(claiming(username, named.email)), teacher, same_people=same_people)

    assert accounts() == before
    assert roles_in(course) == {teacher.id: CourseRole.EDITING_TEACHER, named.id: CourseRole.STUDENT}


@pytest.mark.parametrize("email", ["", "ruth@elsewhere.example", "RUTH@school.example.evil"])
def test_a_user_name_alone_takes_over_nobody(people, email):
    teacher = make_teacher("nadia")
    before = accounts()

    _, course = restore(pack_tgz(claiming("ruth", email)), teacher)

    assert accounts() == before
    assert roles_in(course) == {teacher.id: CourseRole.EDITING_TEACHER}


def test_a_new_course_is_hidden_outside_of_categories_and_takes_no_name(people):
    make_category("Year 9")
    taken = make_course("TAKEN")

    _, course = restore(pack_tgz(claiming("pip", "pip@school.example")), make_teacher("nadia"))

    assert (course.visible, course.category_id, course.shortname) == (False, None, "TAKEN_1")
    assert db.session.get(Course, taken.id).shortname == "TAKEN"


def test_a_course_that_is_replaced_keeps_its_place_its_name_and_its_people(people):
    category, teacher = make_category("Year 8"), make_teacher("nadia")
    course = make_course("OURS", visible=False, category_id=category.id)
    join(teacher, course, CourseRole.EDITING_TEACHER)
    join(people["pip"], course, CourseRole.GUEST)
    before = roles_in(course)

    restore(pack_tgz(claiming("pip", "pip@school.example")), teacher, course)

    assert (course.visible, course.category_id, course.shortname) == (False, category.id, "OURS")
    assert roles_in(course) == before
