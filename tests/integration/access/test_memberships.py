"""Who may be made what in a course, and by whom."""

import pytest

from tests.factories import join, make_admin, make_course, make_person, make_teacher
from webapp.access.memberships import (
    RoleRefused,
    may_change,
    members_of,
    remove_member,
    roles_to_give,
    set_role,
)
from webapp.extensions import db
from webapp.models import CourseRole, Membership

MANAGER, EDITOR, TEACHER, STUDENT, GUEST = CourseRole


@pytest.fixture
def course(app):
    return make_course(content=())


@pytest.fixture
def people(course):
    """Somebody in each role, by the role."""
    return {
        role: make_person(role.value, first_name=role.value, course=course, course_role=role)
        for role in CourseRole
    }


def role_of(user, course):
    found = db.session.query(Membership).filter_by(course_id=course.id, user_id=user.id).one_or_none()
    return found.role if found else None


def test_members_stand_by_role_and_then_by_name(course):
    for name, role in [
        ("zoe", MANAGER),
        ("Tom", STUDENT),
        ("ada", STUDENT),
        ("Bob", GUEST),
        ("Nadia", EDITOR),
    ]:
        make_person(name.lower(), first_name=name, last_name="", course=course, course_role=role)
    make_person("elsewhere", course=make_course(content=()))

    assert [member.user.name for member in members_of(course)] == ["zoe", "Nadia", "ada", "Tom", "Bob"]


@pytest.mark.parametrize(
    ("own", "roles"),
    [
        (MANAGER, [MANAGER, EDITOR, TEACHER, STUDENT, GUEST]),
        (EDITOR, [EDITOR, TEACHER, STUDENT, GUEST]),
        (TEACHER, []),
        (STUDENT, []),
        (GUEST, []),
    ],
)
def test_nobody_gives_a_role_above_their_own(course, people, own, roles):
    newcomer = make_person("newcomer")

    assert list(roles_to_give(course, people[own])) == roles
    for role in CourseRole:
        if role in roles:
            set_role(course, newcomer, role, by=people[own])
            assert role_of(newcomer, course) == role
            remove_member(course, newcomer, by=people[own])
        else:
            with pytest.raises(RoleRefused):
                set_role(course, newcomer, role, by=people[own])
    assert role_of(newcomer, course) is None


def test_an_admin_gives_every_role_without_being_in_the_course(course):
    newcomer = make_person("newcomer")

    member = set_role(course, newcomer, MANAGER, by=make_admin())

    assert (member.role, role_of(newcomer, course)) == (MANAGER, MANAGER)


def test_a_stranger_gives_no_role_whatever_they_are_elsewhere(course):
    stranger = make_teacher("stranger", course=make_course(content=()), course_role=MANAGER)

    with pytest.raises(RoleRefused):
        set_role(course, make_person("newcomer"), GUEST, by=stranger)


def test_nobody_changes_or_removes_somebody_above_them(course, people):
    manager, editor = people[MANAGER], people[EDITOR]

    with pytest.raises(RoleRefused, match="role above yours"):
        set_role(course, manager, STUDENT, by=editor)
    with pytest.raises(RoleRefused, match="role above yours"):
        remove_member(course, manager, by=editor)

    assert role_of(manager, course) == MANAGER
    assert [member.role for member in members_of(course) if may_change(course, member, editor)] == [
        EDITOR,
        TEACHER,
        STUDENT,
        GUEST,
    ]


def test_somebody_has_one_role_in_a_course(course):
    tom = make_person("tom", course=course)

    set_role(course, tom, TEACHER, by=make_admin())

    assert [member.role for member in members_of(course)] == [TEACHER]


def test_the_last_manager_may_go(course, people):
    remove_member(course, people[MANAGER], by=people[MANAGER])

    assert role_of(people[MANAGER], course) is None


def test_removing_somebody_who_is_not_there_changes_nothing(course, people):
    remove_member(course, make_person("stranger"), by=people[MANAGER])

    assert len(members_of(course)) == 5


def test_an_account_that_is_switched_off_is_not_taken_in(course, people):
    with pytest.raises(RoleRefused, match="switched off"):
        set_role(course, make_person("gone", active=False), STUDENT, by=people[MANAGER])


def test_a_role_is_for_one_course_only(course, people):
    other = make_course(content=())
    join(people[EDITOR], other, STUDENT)

    assert roles_to_give(other, people[EDITOR]) == ()
