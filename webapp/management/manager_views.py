"""Making somebody a manager of a category, and no longer."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.directory import Refused, the_account
from webapp.access.permissions import may
from webapp.content.edit import EditRefused
from webapp.extensions import db
from webapp.management import bp
from webapp.management.category_operations import get_category, parents_for
from webapp.management.category_views import category_page
from webapp.management.forms import CategoryForm, ManagerForm
from webapp.management.managers import add_manager, remove_manager
from webapp.models import User


@bp.post("/categories/<int:category_id>/managers")
@may("administer")
def make_manager(category_id: int) -> ResponseReturnValue:
    category, form = get_category(category_id), ManagerForm()
    if form.validate_on_submit():
        try:
            user = the_account(form.who.data or "")
            add_manager(category, user)
        except Refused as refused:
            refused.mark(form)
        except EditRefused as refused:
            form.who.errors = [str(refused)]
        else:
            flash(
                _(
                    "%(name)s manages every course in “%(category)s” from now on.",
                    name=user.name,
                    category=category.name,
                )
            )
            return redirect(url_for("management.edit_category", category_id=category_id), 303)
    shown = {"name": category.name, "parent_id": category.parent_id or 0}
    return category_page(category, CategoryForm(parents_for(category), formdata=None, data=shown), form), 422


@bp.post("/categories/<int:category_id>/managers/<int:user_id>/remove")
@may("administer")
def end_manager(category_id: int, user_id: int) -> ResponseReturnValue:
    category, user = get_category(category_id), db.get_or_404(User, user_id)
    remove_manager(category, user)
    flash(_("%(name)s manages “%(category)s” no more.", name=user.name, category=category.name))
    return redirect(url_for("management.edit_category", category_id=category_id), 303)
