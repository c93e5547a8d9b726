"""Doing something to several courses at once."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import runs_in_background
from webapp.database import BIGGEST
from webapp.extensions import db
from webapp.formatters import counted
from webapp.management import bp, bulk
from webapp.management.bulk import Done
from webapp.management.listing import Wanted, categories_for, chosen_courses, managed_courses
from webapp.models import Course, get_setting
from webapp.permissions import can, current_user, may

#: So many names stand in a message; the rest is counted.
MOST_NAMES = 5


@bp.post("/courses/manage")
@may("manage courses")
def do_to_courses() -> ResponseReturnValue:
    """Do what the button says to the courses that are ticked, or to all that were found."""
    deed, courses = request.form.get("deed", ""), _chosen()
    if not courses:
        flash("Tick at least one course first.", "bad")
        return redirect(_list_address(), 303)
    if deed == "delete":
        # Five hundred numbers are too long for an address.
        which = (
            {"everything": "y"}
            if "everything" in request.form
            else {"courses": request.form.getlist("courses")}
        )
        return redirect(url_for("management.confirm_delete", **_wanted().as_values(), **which), 303)
    if deed not in _DEEDS:
        abort(400)
    if deed == "duplicate" and not can("make courses"):
        abort(403)
    verb, ending = _DEEDS[deed]
    _tell(verb(courses), ending, is_work=deed in _WORK)
    return redirect(url_for("progress.list_jobs") if deed in _WORK else _list_address(), 303)


@bp.route("/courses/manage/delete", methods=["GET", "POST"])
@may("manage courses")
def confirm_delete() -> ResponseReturnValue:
    """Name the courses and ask; on POST put them into the bin."""
    if request.method == "GET":
        return render_template(
            "management/delete.html", courses=_chosen(), asked=_wanted().as_values(),
            bin_days=get_setting("bin_days"),
        )  # fmt: skip
    courses, days = _chosen(), get_setting("bin_days")
    back = f" They can come back for {counted(days, 'day')}, from the bin." if days else ""
    _tell(bulk.delete(courses, by=current_user), f"deleted.{back}")
    return redirect(_list_address(), 303)


def _move(courses: list[Course]) -> Done:
    """Into the category that was chosen; None is for admins, who alone see what is in none."""
    chosen = request.form.get("to", 0, int) or None
    if chosen is None and not current_user.is_admin:
        abort(403)
    if chosen and chosen not in {one.category.id for one in categories_for(current_user)}:
        abort(404)
    return bulk.move(courses, chosen, by=current_user)


#: What a button does, and what the courses are then.
_DEEDS: dict[str, tuple[Callable[[list[Course]], Done], str]] = {
    "show": (lambda courses: bulk.show(courses, visible=True, by=current_user), "shown to pupils."),
    "hide": (lambda courses: bulk.show(courses, visible=False, by=current_user), "hidden from pupils."),
    "move": (_move, "moved."),
    "back up": (lambda courses: bulk.back_up(courses, by=current_user), "to be backed up."),
    "duplicate": (lambda courses: bulk.duplicate(courses, by=current_user), "to be copied."),
}
#: What becomes jobs, which have a page of their own.
_WORK = ("back up", "duplicate")


def _chosen() -> list[Course]:
    """The courses that are ticked; with “everything” all that the list shows, on other pages too."""
    if request.values.get("everything"):
        return list(db.session.scalars(managed_courses(current_user, _wanted()).order_by(Course.id)))
    numbers = request.values.getlist("courses", int)
    return chosen_courses(current_user, [number for number in numbers if number <= BIGGEST])


def _wanted() -> Wanted:
    return Wanted.from_query(request.values)


def _list_address() -> str:
    return url_for("management.list_courses", **_wanted().as_values())


def _tell(done: Done, ending: str, *, is_work: bool = False) -> None:
    if done.count:
        later = (
            " Background work is off: begin each on its page." if is_work and not runs_in_background() else ""
        )
        flash(f"{counted(done.count, 'course is', 'courses are')} {ending}{later}")
    for reason, names in done.left.items():
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        why = f" {done.refusal}" if reason == bulk.NOT_TAKEN else ""
        flash(f"{reason}: {', '.join(f'“{name}”' for name in names[:MOST_NAMES])}{more}.{why}", "warn")
