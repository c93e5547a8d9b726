"""Taking people into a course, changing what they are in it, and taking them out."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.directory import Refused, the_account
from webapp.access.memberships import (
    ROLE_WORDS,
    RoleRefused,
    may_change,
    remove_member,
    roles_to_give,
    set_role,
)
from webapp.access.permissions import current_user, may
from webapp.content.lookups import get_course
from webapp.models import Course, CourseRole, Membership
from webapp.participants import bp
from webapp.participants.forms import MemberForm
from webapp.participants.list_views import members_page
from webapp.participants.listing import find_member


@bp.post("/courses/<int:course_id>/people")
@may("set roles")
def add_member(course_id: int) -> ResponseReturnValue:
    """Take somebody who has an account into the course, or change what they are in it."""
    course = get_course(course_id)
    form = MemberForm(roles_to_give(course, current_user))
    if form.validate_on_submit():
        try:
            user = the_account(form.who.data or "")
            set_role(course, user, form.role.data, by=current_user)
        except Refused as refused:
            refused.mark(form)
        except RoleRefused as refused:
            form.who.errors = [str(refused)]
        else:
            flash(
                _(
                    "%(name)s is in the course now, as %(role)s.",
                    name=user.name,
                    role=str(ROLE_WORDS[form.role.data]).lower(),
                )
            )
            return redirect(url_for("participants.list_members", course_id=course_id), 303)
    return members_page(course_id, form), 422


@bp.post("/courses/<int:course_id>/people/<int:user_id>")
@may("set roles")
def change_member(course_id: int, user_id: int) -> ResponseReturnValue:
    """Change somebody's role."""
    course = get_course(course_id)
    user, role = _member(course, user_id).user, request.form.get("role", "")
    try:
        if role not in list(CourseRole):
            raise RoleRefused(_("There is no such role."))
        set_role(course, user, CourseRole(role), by=current_user)
        flash(
            _(
                "%(name)s is now in the course as %(role)s.",
                name=user.name,
                role=str(ROLE_WORDS[CourseRole(role)]).lower(),
            )
        )
    except RoleRefused as refused:
        flash(str(refused), "bad")
    return redirect(url_for("participants.list_members", course_id=course_id), 303)


@bp.route("/courses/<int:course_id>/people/<int:user_id>/remove", methods=["GET", "POST"])
@may("set roles")
def confirm_remove_member(course_id: int, user_id: int) -> ResponseReturnValue:
    """Say what stays and ask; on POST take somebody's role in the course away."""
    course = get_course(course_id)
    member = _member(course, user_id)
    if request.method == "GET" and may_change(course, member, current_user):
        return render_template("participants/remove.html", course=course, member=member)
    name = member.user.name
    try:
        remove_member(course, member.user, by=current_user)
        flash(_("%(name)s is no longer in the course.", name=name))
    except RoleRefused as refused:
        flash(str(refused), "bad")
    return redirect(url_for("participants.list_members", course_id=course_id), 303)


def _member(course: Course, user_id: int) -> Membership:
    return find_member(course, user_id) or abort(404)
