"""The categories of the site, for admins."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import may
from webapp.content.catalogue import category_tree
from webapp.content.edit import EditRefused
from webapp.management import bp
from webapp.management.category_operations import (
    add_category,
    change_category,
    course_counts,
    delete_category,
    get_category,
    move_category,
    parents_for,
)
from webapp.management.forms import CategoryForm, ManagerForm
from webapp.management.managers import manager_counts, managers_of
from webapp.models import Category


@bp.route("/categories", methods=["GET", "POST"])
@may("administer")
def categories() -> ResponseReturnValue:
    """List the categories; on POST add one."""
    tree = category_tree()
    form = CategoryForm(tree)
    if form.validate_on_submit():
        try:
            add_category(form.name.data or "", form.parent_id.data or None)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("management.categories"), 303)
    page = render_template(
        "management/categories.html", form=form, tree=tree, counts=course_counts(), managers=manager_counts()
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/categories/<int:category_id>", methods=["GET", "POST"])
@may("administer")
def edit_category(category_id: int) -> ResponseReturnValue:
    """Rename a category and put it inside another one."""
    category = get_category(category_id)
    form = CategoryForm(
        parents_for(category), data={"name": category.name, "parent_id": category.parent_id or 0}
    )
    if form.validate_on_submit():
        try:
            change_category(category, form.name.data or "", form.parent_id.data or None)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("management.categories"), 303)
    page = category_page(category, form, ManagerForm(formdata=None))
    return (page, 422) if form.is_submitted() else page


@bp.post("/categories/<int:category_id>/move")
@may("administer")
def reorder_category(category_id: int) -> ResponseReturnValue:
    move_category(get_category(category_id), up=request.form.get("way") == "up")
    return redirect(url_for("management.categories", _anchor=f"c{category_id}"), 303)


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
        flash(_("“%(name)s” is deleted.", name=name))
    return redirect(url_for("management.categories"), 303)


def category_page(category: Category, form: CategoryForm, manager_form: ManagerForm) -> str:
    """The page of one category, with the forms as they stand."""
    return render_template(
        "management/category.html", category=category, form=form, manager_form=manager_form,
        managers=managers_of(category),
    )  # fmt: skip
