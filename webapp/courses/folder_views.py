"""Editing what is in a folder."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.content import filing
from webapp.content.edit import EditRefused
from webapp.content.files import find_file
from webapp.courses import bp
from webapp.courses.activity_page import ActivityPage
from webapp.courses.content_forms import AddFilesForm, SubfolderForm
from webapp.courses.finding import get_activity, get_course
from webapp.courses.folders import Folder
from webapp.models import Activity, Course


@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/files", methods=["GET", "POST"])
@may("edit course")
def edit_folder(course_id: int, activity_id: int) -> ResponseReturnValue:
    """Show what is in a folder, and add files to it or to a folder inside it."""
    course, activity, folder = _find(course_id, activity_id)
    form = AddFilesForm()
    if form.validate_on_submit():
        try:
            filing.add_to_folder(course, activity, form.uploads(), current_user, folder=folder.path)
        except EditRefused as refused:
            form.files.errors = [str(refused)]
        else:
            return _back(course, activity, folder.path)
    return _page(course, activity, folder, form, SubfolderForm(formdata=None))


@bp.post("/courses/<int:course_id>/activities/<int:activity_id>/folders")
@may("edit course")
def new_subfolder(course_id: int, activity_id: int) -> ResponseReturnValue:
    course, activity, folder = _find(course_id, activity_id)
    form = SubfolderForm()
    if form.validate_on_submit():
        try:
            path = filing.make_subfolder(course, activity, form.name.data or "", folder=folder.path)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return _back(course, activity, path)
    return _page(course, activity, folder, AddFilesForm(formdata=None), form)


@bp.route(
    "/courses/<int:course_id>/activities/<int:activity_id>/files/<int:file_id>/delete",
    methods=["GET", "POST"],
)
@may("edit course")
def delete_file(course_id: int, activity_id: int, file_id: int) -> ResponseReturnValue:
    """Ask, then remove a file or a folder with what is in it."""
    course, activity, folder = _find(course_id, activity_id)
    row = find_file(course, file_id)
    if row is None or row.context_id != activity.context_id:
        abort(404)
    name = row.filepath.rstrip("/").rpartition("/")[2] if row.is_folder else row.filename
    if request.method == "GET":
        return render_template(
            "courses/delete_file.html", course=course, activity=activity, row=row, name=name, folder=folder
        )
    try:
        filing.delete_file(course, activity, row)
    except EditRefused as refused:
        flash(str(refused), "bad")
    else:
        flash(_("“%(name)s” is deleted.", name=name))
    return _back(course, activity, folder.path)


def _find(course_id: int, activity_id: int) -> tuple[Course, Activity, Folder]:
    """The folder activity, and the folder in it that the address names."""
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    if activity.type != "folder":
        abort(404)
    folder = ActivityPage(course, activity, with_people=True).folder.find(request.args.get("folder", "/"))
    return course, activity, folder or abort(404)


def _page(
    course: Course, activity: Activity, folder: Folder, form: AddFilesForm, subfolder_form: SubfolderForm
) -> ResponseReturnValue:
    page = render_template(
        "courses/folder_edit.html", course=course, activity=activity, folder=folder, form=form,
        subfolder_form=subfolder_form,
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


def _back(course: Course, activity: Activity, path: str) -> ResponseReturnValue:
    there = url_for(
        "courses.edit_folder",
        course_id=course.id,
        activity_id=activity.id,
        folder=path if path != "/" else None,
    )
    return redirect(there, 303)
