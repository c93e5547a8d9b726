"""Who is in a course, and who came with its archive."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.courses import bp
from webapp.courses.finding import get_course
from webapp.courses.forms import MemberForm
from webapp.courses.participants import find_member, people_of_archive
from webapp.directory import find_account
from webapp.memberships import (
    ROLE_WORDS,
    RoleRefused,
    may_change,
    members_of,
    remove_member,
    roles_to_give,
    set_role,
)
from webapp.models import Course, CourseRole
from webapp.permissions import current_user, may


@bp.get("/courses/<int:course_id>/people")
@may("see people")
def participants(course_id: int) -> ResponseReturnValue:
    course = get_course(course_id)
    return _page(
        course, MemberForm(roles_to_give(course, current_user), formdata=None, role=CourseRole.STUDENT)
    )


@bp.post("/courses/<int:course_id>/people")
@may("set roles")
def add_participant(course_id: int) -> ResponseReturnValue:
    """Take somebody who has an account into the course, or change what they are in it."""
    course = get_course(course_id)
    form = MemberForm(roles_to_give(course, current_user))
    if form.validate_on_submit():
        user = find_account(form.who.data or "")
        if user is None:
            form.who.errors = ["Nobody here has this user name or address. An admin can make an account."]
        else:
            try:
                set_role(course, user, form.role.data, by=current_user)
            except RoleRefused as refused:
                form.who.errors = [str(refused)]
            else:
                flash(f"{user.name} is in the course now, as {ROLE_WORDS[form.role.data].lower()}.")
                return redirect(url_for("courses.participants", course_id=course.id), 303)
    return _page(course, form), 422


@bp.post("/courses/<int:course_id>/people/<int:user_id>")
@may("set roles")
def change_participant(course_id: int, user_id: int) -> ResponseReturnValue:
    """Give somebody another role, or take them out of the course."""
    course = get_course(course_id)
    user = find_member(course, user_id)
    role = request.form.get("role", "")
    if user is None or role not in ("", *CourseRole):
        abort(404)
    try:
        if role:
            set_role(course, user, CourseRole(role), by=current_user)
        else:
            remove_member(course, user, by=current_user)
    except RoleRefused as refused:
        flash(str(refused), "bad")
    else:
        words = f"is {ROLE_WORDS[CourseRole(role)].lower()} now" if role else "is no longer in the course"
        flash(f"{user.name} {words}.")
    return redirect(url_for("courses.participants", course_id=course_id), 303)


def _page(course: Course, form: MemberForm) -> str:
    return render_template(
        "courses/participants.html",
        course=course,
        form=form,
        members=members_of(course),
        roles=roles_to_give(course, current_user),
        role_words=ROLE_WORDS,
        may_change=lambda member: may_change(course, member, current_user),
        from_archive=people_of_archive(course, request.args.get("page", 1, int)),
    )
