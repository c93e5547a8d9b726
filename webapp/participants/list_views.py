"""Looking at the people of a course, and taking their list away."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.memberships import ROLE_WORDS, roles_to_give
from webapp.access.permissions import current_user, may
from webapp.content.groups import groups_of
from webapp.content.lookups import get_course
from webapp.content.roles_there import CameAlong
from webapp.participants import bp
from webapp.participants.export import COLUMNS, all_participants, note_export
from webapp.participants.forms import MemberForm
from webapp.participants.listing import page_of_members, page_of_those_who_came
from webapp.participants.wanted import Wanted
from webapp.spreadsheets import send_table


@bp.get("/courses/<int:course_id>/people")
@may("see people")
def list_members(course_id: int) -> ResponseReturnValue:
    """Show those who have a role here."""
    return members_page(course_id, MemberForm(roles_to_give(get_course(course_id), current_user)))


@bp.get("/courses/<int:course_id>/people/came")
@may("see people")
def list_came(course_id: int) -> ResponseReturnValue:
    """Show those who came with the content of the course."""
    course = get_course(course_id)
    groups = groups_of(course.version_id)
    wanted = Wanted.from_query(request.args, groups)
    return render_template(
        "participants/came.html", course=course, wanted=wanted, groups=groups, role_words=ROLE_WORDS,
        came=CameAlong(course.version_id),
        listed=page_of_those_who_came(course, wanted, groups, request.args.get("page", 1, int)),
    )  # fmt: skip


@bp.get("/courses/<int:course_id>/people.csv")
@may("see people")
def export(course_id: int) -> ResponseReturnValue:
    """Send everybody whom the pages show for the same search. Taking it away is noted."""
    course = get_course(course_id)
    note_export(course)
    groups = groups_of(course.version_id)
    wanted = Wanted.from_query(request.args, groups)
    return send_table("people.csv", COLUMNS, all_participants(course, wanted, groups))


def members_page(course_id: int, form: MemberForm) -> str:
    """The page of those who have a role here, with the form that takes somebody in."""
    course = get_course(course_id)
    groups = groups_of(course.version_id)
    wanted = Wanted.from_query(request.args, groups)
    return render_template(
        "participants/list.html", course=course, form=form, wanted=wanted, groups=groups,
        role_words=ROLE_WORDS, roles=roles_to_give(course, current_user),
        came=CameAlong(course.version_id),
        listed=page_of_members(course, wanted, request.args.get("page", 1, int)),
    )  # fmt: skip
