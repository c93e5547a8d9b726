"""The categories of the site, for admins."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.content.catalogue import categories_in_order
from webapp.content.edit import EditRefused
from webapp.courses import bp
from webapp.courses.category_operations import (
    add_category,
    course_counts,
    delete_category,
    get_category,
    move_category,
    rename_category,
)
from webapp.courses.forms import CategoryForm
from webapp.permissions import may


@bp.route("/categories", methods=["GET", "POST"])
@may("administer")
def categories() -> ResponseReturnValue:
    """List the categories; on POST add one."""
    form = CategoryForm()
    if form.validate_on_submit():
        try:
            add_category(form.name.data or "")
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("courses.categories"), 303)
    page = render_template(
        "courses/categories.html", form=form, categories=categories_in_order(), counts=course_counts()
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/categories/<int:category_id>", methods=["GET", "POST"])
@may("administer")
def edit_category(category_id: int) -> ResponseReturnValue:
    category = get_category(category_id)
    form = CategoryForm(obj=category)
    if form.validate_on_submit():
        try:
            rename_category(category, form.name.data or "")
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("courses.categories"), 303)
    page = render_template("courses/category.html", form=form, category=category)
    return (page, 422) if form.is_submitted() else page


@bp.post("/categories/<int:category_id>/move")
@may("administer")
def reorder_category(category_id: int) -> ResponseReturnValue:
    move_category(get_category(category_id), up=request.form.get("way") == "up")
    return redirect(url_for("courses.categories", _anchor=f"c{category_id}"), 303)


@bp.post("/categories/<int:category_id>/delete")
@may("administer")
def remove_category(category_id: int) -> ResponseReturnValue:
    """Delete a category that is empty; nothing is lost with it."""
    category = get_category(category_id)
    name = category.name
    try:
        delete_category(category)
    except EditRefused as refused:
        flash(str(refused), "bad")
    else:
        flash(f"“{name}” is deleted.")
    return redirect(url_for("courses.categories"), 303)
