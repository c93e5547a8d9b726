"""Making, changing, moving, hiding and deleting activities."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.content import activities
from webapp.content.edit import EditRefused
from webapp.content.kinds import OWN_KINDS, kind_word
from webapp.courses import bp
from webapp.courses.content_forms import FORMS, ActivityForm
from webapp.courses.deleted import tell_deleted
from webapp.courses.editing.form import form_of
from webapp.courses.editing.opening import settings_of
from webapp.courses.editor import open_editor
from webapp.courses.finding import get_activity, get_course, get_section
from webapp.courses.losses import losses_of_activity
from webapp.courses.making_forms import make_from, save_from, shown_in_form, texts_of, texts_of_new
from webapp.courses.outline import heading_of, outline_of
from webapp.models import Course


@bp.get("/courses/<int:course_id>/sections/<int:section_id>/add")
@may("edit course")
def choose_kind(course_id: int, section_id: int) -> ResponseReturnValue:
    """Ask what to add to a section."""
    course = get_course(course_id)
    section = get_section(course, section_id)
    kinds = [(kind, kind_word(kind), text) for kind, text in OWN_KINDS.items()]
    return render_template(
        "courses/choose_kind.html", course=course, section=section, heading=heading_of(section), kinds=kinds
    )


@bp.route("/courses/<int:course_id>/sections/<int:section_id>/add/<kind>", methods=["GET", "POST"])
@may("edit course")
def new_activity(course_id: int, section_id: int, kind: str) -> ResponseReturnValue:
    """Make a page, a text, a file, a folder or a link in a section."""
    course = get_course(course_id)
    section = get_section(course, section_id)
    if kind not in FORMS:
        abort(404)
    form, texts = FORMS[kind][0](), texts_of_new(course, kind)
    if form.validate_on_submit():
        activity = make_from(form, course, section, kind, texts, current_user)
        return _back(course, activity.id)
    open_editor()
    page = render_template(
        "courses/activity_form.html", course=course, section=section, kind=kind, word=kind_word(kind), form=form,
        texts=texts, activity=None, heading=heading_of(section), known=FORMS, sheet=None,
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@may("edit course")
def edit_activity(course_id: int, activity_id: int) -> ResponseReturnValue:
    """Change an activity: all of it for our own types; name, description, dates and instructions of every other one."""
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    texts, sheet = texts_of(course, activity), settings_of(course, activity)
    _, base = FORMS.get(activity.type, (ActivityForm, ActivityForm))
    form = form_of(sheet, base=base, **shown_in_form(activity, texts))
    if form.validate_on_submit():
        try:
            save_from(form, course, activity, texts, sheet, current_user)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return _back(course, activity.id)
    open_editor()
    section = get_section(course, activity.section_id)
    page = render_template(
        "courses/activity_form.html", course=course, section=section, kind=activity.type,
        word=kind_word(activity.type), form=form, texts=texts, activity=activity, heading=heading_of(section),
        known=FORMS, sheet=sheet,
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/move", methods=["GET", "POST"])
@may("edit course")
def move_activity(course_id: int, activity_id: int) -> ResponseReturnValue:
    """Put an activity into a section, before another one or at its end; ask for the section on GET."""
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    problem = ""
    if request.method == "POST":
        section = get_section(course, request.form.get("section_id", activity.section_id, int))
        before_id = request.form.get("before", 0, int)
        try:
            activities.move_activity(
                course, activity, section, get_activity(course, before_id) if before_id else None
            )
        except EditRefused as refused:
            problem = str(refused)
        else:
            return _back(course, activity_id, moved=True)
    places = outline_of(course, with_hidden=True).all_places
    page = render_template(
        "courses/move.html", course=course, activity=activity, places=places, problem=problem
    )
    return (page, 422) if problem else page


@bp.post("/courses/<int:course_id>/activities/<int:activity_id>/visibility")
@may("edit course")
def show_or_hide_activity(course_id: int, activity_id: int) -> ResponseReturnValue:
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    activities.show_activity(course, activity, visible=request.form.get("visible") == "1")
    return _back(course, activity.id)


@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/delete", methods=["GET", "POST"])
@may("edit course")
def delete_activity(course_id: int, activity_id: int) -> ResponseReturnValue:
    """Say what goes with the activity, then delete it."""
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    name = activity.called or kind_word(activity.type)
    if request.method == "GET":
        return render_template(
            "courses/delete.html", course=course, name=name, losses=losses_of_activity(course, activity),
            action=url_for("courses.delete_activity", course_id=course.id, activity_id=activity.id),
        )  # fmt: skip
    tell_deleted(name, course, activities.delete_activity(course, activity))
    return redirect(url_for("courses.edit_course", course_id=course.id), 303)


def _back(course: Course, activity_id: int, *, moved: bool = False) -> ResponseReturnValue:
    """Go back to where the thing stands now; the keyboard goes there after a move, which an anchor would prevent."""
    place = f"a{activity_id}"
    more = {"moved": place, "way": request.args.get("way")} if moved else {"_anchor": place}
    return redirect(url_for("courses.edit_course", course_id=course.id, **more), 303)
