"""The groups and groupings of a course: to look at, and to change."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from webapp.access.permissions import may
from webapp.content import group_editing
from webapp.content.edit import EditRefused
from webapp.content.group_editing import GROUPINGS, GROUPS
from webapp.content.groups import Group, Grouping, groupings_of, groups_of
from webapp.content.lookups import get_course
from webapp.content.roles_there import CameAlong
from webapp.models import Course
from webapp.participants import bp
from webapp.participants.forms import NameForm
from webapp.participants.inside import candidates, chosen_members, members_to_add, people_in

#: By what the address calls them.
KINDS = {"groups": GROUPS, "groupings": GROUPINGS}


@bp.get("/courses/<int:course_id>/groups")
@may("see people")
def list_groups(course_id: int) -> ResponseReturnValue:
    return _list(get_course(course_id), {})


@bp.post("/courses/<int:course_id>/<any(groups, groupings):kind>")
@may("edit course")
def make_group(course_id: int, kind: str) -> ResponseReturnValue:
    """Add an empty group or grouping, and lead to where it is filled."""
    course, form = get_course(course_id), NameForm(prefix=kind)
    if form.validate_on_submit():
        try:
            number = group_editing.make(course, KINDS[kind], form.name.data or "")
        except EditRefused as refused:
            form.name.errors = [str(refused)]
        else:
            return redirect(
                url_for("participants.show_group", course_id=course_id, kind=kind, number=number), 303
            )
    return _list(course, {kind: form}), 422


@bp.get("/courses/<int:course_id>/<any(groups, groupings):kind>/<int:number>")
@may("see people")
def show_group(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    """Show who is in a group, or which groups are in a grouping."""
    return _show(get_course(course_id), kind, number)


@bp.post("/courses/<int:course_id>/<any(groups, groupings):kind>/<int:number>")
@may("edit course")
def rename_group(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    course, form = get_course(course_id), NameForm()
    if form.validate_on_submit():
        try:
            group_editing.rename(course, KINDS[kind], number, form.name.data or "")
        except EditRefused as refused:
            form.name.errors = [str(refused)]
        else:
            flash(_("It is called “%(name)s” now.", name=form.name.data))
            return _back_to(course_id, kind, number)
    return _show(course, kind, number, form), 422


@bp.post("/courses/<int:course_id>/<any(groups, groupings):kind>/<int:number>/in")
@may("edit course")
def fill_group(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    """Put those who are ticked into it."""
    course, chosen = get_course(course_id), request.form.getlist("inside", int)
    members = chosen_members(course, request.form.getlist("member", int)) if kind == "groups" else []
    count = group_editing.put_in(course, KINDS[kind], number, chosen, members)
    flash(_put_in(kind, count) if chosen or members else _("Nobody was ticked, so nothing was changed."))
    return _back_to(course_id, kind, number)


@bp.post("/courses/<int:course_id>/<any(groups, groupings):kind>/<int:number>/out")
@may("edit course")
def empty_group(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    """Take those who are ticked out of it."""
    chosen = request.form.getlist("inside", int)
    count = group_editing.take_out(get_course(course_id), KINDS[kind], number, chosen)
    flash(_taken_out(kind, count) if chosen else _("Nobody was ticked, so nothing was changed."))
    return _back_to(course_id, kind, number)


@bp.route(
    "/courses/<int:course_id>/<any(groups, groupings):kind>/<int:number>/delete", methods=["GET", "POST"]
)
@may("edit course")
def delete_group(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    """Say what stays and ask; on POST delete it."""
    course = get_course(course_id)
    found = _find(course, kind, number)
    if request.method == "GET":
        return render_template("participants/delete_group.html", course=course, kind=kind, found=found)
    group_editing.delete(course, KINDS[kind], number)
    flash(
        _("The group “%(name)s” is deleted.", name=found.name)
        if kind == "groups"
        else _("The grouping “%(name)s” is deleted.", name=found.name)
    )
    return redirect(url_for("participants.list_groups", course_id=course_id), 303)


def _list(course: Course, forms: dict[str, NameForm]) -> str:
    """The page of all groups, with a form for each kind; `forms` are those that came back."""
    empty = {kind: NameForm(formdata=None, prefix=kind) for kind in KINDS}
    return render_template(
        "participants/groups.html", course=course, forms=empty | forms,
        groups=groups_of(course.version_id), groupings=groupings_of(course.version_id),
        came=CameAlong(course.version_id),
    )  # fmt: skip


def _show(course: Course, kind: str, number: int, form: NameForm | None = None) -> str:
    found, search = _find(course, kind, number), request.args.get("q", "").strip()
    shown = {
        "course": course,
        "kind": kind,
        "found": found,
        "form": form or NameForm(formdata=None, name=found.name),
    }
    if isinstance(found, Grouping):
        return render_template("participants/grouping.html", groups=groups_of(course.version_id), **shown)
    page = request.args.get("page", 1, int)
    return render_template(
        "participants/group.html", listed=people_in(course, found, page), search=search,
        others=candidates(course, found, search), members=members_to_add(course, search), **shown,
    )  # fmt: skip


def _find(course: Course, kind: str, number: int) -> Group | Grouping:
    among: list[Group] | list[Grouping] = (
        groups_of(course.version_id) if kind == "groups" else groupings_of(course.version_id)
    )
    return next((one for one in among if one.moodle_id == number), None) or abort(404)


def _back_to(course_id: int, kind: str, number: int) -> ResponseReturnValue:
    return redirect(url_for("participants.show_group", course_id=course_id, kind=kind, number=number), 303)


def _put_in(kind: str, count: int) -> str:
    if kind == "groups":
        return ngettext("%(num)s person put in.", "%(num)s people put in.", count)
    return ngettext("%(num)s group put in.", "%(num)s groups put in.", count)


def _taken_out(kind: str, count: int) -> str:
    if kind == "groups":
        return ngettext("%(num)s person taken out.", "%(num)s people taken out.", count)
    return ngettext("%(num)s group taken out.", "%(num)s groups taken out.", count)
