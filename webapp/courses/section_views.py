"""Making, changing, moving and deleting sections."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.content import sections
from webapp.content.edit import EditRefused
from webapp.content.files import FilePlace
from webapp.courses import bp
from webapp.courses.content_forms import SectionForm
from webapp.courses.deleted import tell_deleted
from webapp.courses.editor import EditorText, open_editor, section_text
from webapp.courses.finding import get_course, get_section
from webapp.courses.losses import losses_of_section
from webapp.courses.outline import heading_of
from webapp.models import Course


@bp.route("/courses/<int:course_id>/sections/new", methods=["GET", "POST"])
@may("edit course")
def new_section(course_id: int) -> ResponseReturnValue:
    """Add a section below the others."""
    course = get_course(course_id)
    text = EditorText(course, FilePlace(course.version.context_id, "course", "section"), "", 1)
    form = SectionForm()
    if form.validate_on_submit():
        section = sections.make_section(
            course, form.name.data or "", text.kept(form.summary.data), current_user
        )
        return _back(course, section.id)
    open_editor()
    page = render_template("courses/section.html", course=course, form=form, text=text, section=None)
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/<int:course_id>/sections/<int:section_id>/edit", methods=["GET", "POST"])
@may("edit course")
def edit_section(course_id: int, section_id: int) -> ResponseReturnValue:
    """Change a section's name and summary."""
    course = get_course(course_id)
    section = get_section(course, section_id)
    text = section_text(course, section)
    form = SectionForm(data={"name": section.name, "summary": text.shown})
    if form.validate_on_submit():
        summary = text.kept(form.summary.data)
        sections.change_section(course, section, name=form.name.data or "", summary=summary, by=current_user)
        return _back(course, section_id)
    open_editor()
    page = render_template("courses/section.html", course=course, form=form, text=text, section=section)
    return (page, 422) if form.is_submitted() else page


@bp.post("/courses/<int:course_id>/sections/<int:section_id>/move")
@may("edit course")
def move_section(course_id: int, section_id: int) -> ResponseReturnValue:
    """Put a section before another one; at the end if the form names none."""
    course = get_course(course_id)
    section = get_section(course, section_id)
    before_id = request.form.get("before", 0, int)
    try:
        sections.move_section(course, section, get_section(course, before_id) if before_id else None)
    except EditRefused as refused:
        flash(str(refused), "bad")
    return _back(course, section_id, moved=True)


@bp.post("/courses/<int:course_id>/sections/<int:section_id>/visibility")
@may("edit course")
def show_or_hide_section(course_id: int, section_id: int) -> ResponseReturnValue:
    course = get_course(course_id)
    section = get_section(course, section_id)
    sections.show_section(course, section, visible=request.form.get("visible") == "1")
    return _back(course, section_id)


@bp.route("/courses/<int:course_id>/sections/<int:section_id>/delete", methods=["GET", "POST"])
@may("edit course")
def delete_section(course_id: int, section_id: int) -> ResponseReturnValue:
    """Say what goes with the section, then delete it."""
    course = get_course(course_id)
    section = get_section(course, section_id)
    heading = heading_of(section)
    if request.method == "GET":
        return render_template(
            "courses/delete.html", course=course, name=heading, losses=losses_of_section(course, section),
            action=url_for("courses.delete_section", course_id=course.id, section_id=section.id),
        )  # fmt: skip
    try:
        tell_deleted(heading, course, sections.delete_section(course, section))
    except EditRefused as refused:
        flash(str(refused), "bad")
    return redirect(url_for("courses.edit_course", course_id=course.id), 303)


def _back(course: Course, section_id: int, *, moved: bool = False) -> ResponseReturnValue:
    """Go back to where the thing stands now; the keyboard goes there after a move, which an anchor would prevent."""
    place = f"s{section_id}"
    more = {"moved": place, "way": request.args.get("way")} if moved else {"_anchor": place}
    return redirect(url_for("courses.edit_course", course_id=course.id, **more), 303)
