"""Doing something to several courses at once."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from jobs.queue import runs_in_background
from webapp.access.permissions import can, current_user, may
from webapp.database import BIGGEST
from webapp.extensions import db
from webapp.management import bp, bulk
from webapp.management.bulk import Done
from webapp.management.listing import Wanted, categories_for, chosen_courses, managed_courses
from webapp.models import Course, get_setting

#: So many names stand in a message; the rest is counted.
MOST_NAMES = 5


@bp.post("/courses/manage")
@may("manage courses")
def do_to_courses() -> ResponseReturnValue:
    """Do what the button says to the courses that are ticked, or to all that were found."""
    deed, courses = request.form.get("deed", ""), _chosen()
    if not courses:
        flash(_("Tick at least one course first."), "bad")
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
    verb, says = _DEEDS[deed]
    _tell(verb(courses), says, is_work=deed in _WORK)
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
    _tell(bulk.delete(_chosen(), by=current_user), _deleted)
    return redirect(_list_address(), 303)


def _move(courses: list[Course]) -> Done:
    """Into the category that was chosen; None is for admins, who alone see what is in none."""
    chosen = request.form.get("to", 0, int) or None
    if chosen is None and not current_user.is_admin:
        abort(403)
    if chosen and chosen not in {one.category.id for one in categories_for(current_user)}:
        abort(404)
    return bulk.move(courses, chosen, by=current_user)


def _deleted(count: int) -> str:
    says, days = (
        ngettext("%(num)s course is deleted.", "%(num)s courses are deleted.", count),
        get_setting("bin_days"),
    )
    if not days:
        return says
    back = ngettext(
        "They can come back for %(num)s day, from the bin.",
        "They can come back for %(num)s days, from the bin.",
        days,
    )
    return f"{says} {back}"


Says = Callable[[int], str]

#: What a button does, and what is said then of so many courses.
_DEEDS: dict[str, tuple[Callable[[list[Course]], Done], Says]] = {
    "show": (
        lambda courses: bulk.show(courses, visible=True, by=current_user),
        lambda count: ngettext(
            "%(num)s course is shown to pupils.", "%(num)s courses are shown to pupils.", count
        ),
    ),
    "hide": (
        lambda courses: bulk.show(courses, visible=False, by=current_user),
        lambda count: ngettext(
            "%(num)s course is hidden from pupils.", "%(num)s courses are hidden from pupils.", count
        ),
    ),
    "move": (
        _move,
        lambda count: ngettext("%(num)s course is moved.", "%(num)s courses are moved.", count),
    ),
    "back up": (
        lambda courses: bulk.back_up(courses, by=current_user),
        lambda count: ngettext(
            "%(num)s course is to be backed up.", "%(num)s courses are to be backed up.", count
        ),
    ),
    "duplicate": (
        lambda courses: bulk.duplicate(courses, by=current_user),
        lambda count: ngettext("%(num)s course is to be copied.", "%(num)s courses are to be copied.", count),
    ),
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


def _tell(done: Done, says: Says, *, is_work: bool = False) -> None:
    if done.count:
        later = (
            " " + _("Background work is off: begin each on its page.")
            if is_work and not runs_in_background()
            else ""
        )
        flash(f"{says(done.count)}{later}")
    for reason, names in done.left.items():
        flash(_left(reason, names, done.why.get(reason, "")), "warn")


def _left(reason: str, names: list[str], why: str) -> str:
    """Which courses were left as they are, and why."""
    listed = ", ".join(_("“%(name)s”", name=name) for name in names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        listed = _("%(names)s and %(count)s more", names=listed, count=len(names) - MOST_NAMES)
    return f"{reason}: {listed}. {why}".rstrip()
