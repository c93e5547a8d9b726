"""Who is asking, and may they? One decorator on every view.

A page about something that is not the person's own answers 404, as if it were not
there; one that they may see but not change answers 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.identity import current_user as current_user, looks_as
from webapp.access.rights import (
    COURSE_RULES,
    SITE_RULES,
    backs_up_courses,
    may_in_course,
    may_on_site,
    may_use_archive,
    role_in,
)
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, CourseRole, Job, User

View = Callable[..., ResponseReturnValue]
Named = TypeVar("Named", Course, Job, ArchiveFile)


def public(view: View) -> View:
    """Mark a view that anybody may ask for, signed in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let in everybody who has an account."""

    @wraps(view)
    def checked(**kwargs: Any) -> ResponseReturnValue:
        return _ask_to_sign_in() if not current_user else view(**kwargs)

    checked.action = "signed in"  # type: ignore[attr-defined]
    return checked


def themselves(view: View) -> View:
    """Let in everybody who has an account, to what is theirs alone: no admin who is signed in as them."""

    @wraps(view)
    def checked(**kwargs: Any) -> ResponseReturnValue:
        if not current_user:
            return _ask_to_sign_in()
        if looks_as():
            abort(403, _("This is theirs alone. Go back to yourself to see your own."))
        return view(**kwargs)

    checked.action = "signed in"  # type: ignore[attr-defined]
    return checked


def may(action: str) -> Callable[[View], View]:
    """Let in those who may do `action` with what the address names (course_id, job_id, archive_id)."""
    if action not in ALL_ACTIONS:
        raise KeyError(action)

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(**kwargs: Any) -> ResponseReturnValue:
            if not current_user:
                return _ask_to_sign_in()
            _check(action, kwargs)
            return view(**kwargs)

        checked.action = action  # type: ignore[attr-defined]
        return checked

    return decorate


def can(action: str, thing: Course | Job | ArchiveFile | None = None) -> bool:
    """Whether to offer something on a page: the same rules, without an answer."""
    if not current_user:
        return False
    if action in SITE_RULES:
        return may_on_site(current_user, action)
    if isinstance(thing, Job):
        return _may_with_job(action, thing)
    if isinstance(thing, ArchiveFile):
        return may_use_archive(current_user, thing)
    return isinstance(thing, Course) and may_in_course(current_user, action, thing, _role_in(thing))


def has_backups() -> bool:
    """Whether to lead to backups and jobs: not those who can have none."""
    return bool(current_user) and backs_up_courses(current_user)


def _check(action: str, named: dict[str, Any]) -> None:
    if action in SITE_RULES:
        if not may_on_site(current_user, action):
            abort(403)
    elif action in COURSE_RULES:
        _check_course(action, _named(Course, named["course_id"]))
    elif action in JOB_ACTIONS:
        job = _named(Job, named["job_id"])
        if job is None or not _may_with_job(action, job):
            abort(404)
    else:
        archive = _named(ArchiveFile, named["archive_id"])
        if archive is None or not may_use_archive(current_user, archive):
            abort(404)


def _named(kind: type[Named], number: int) -> Named | None:
    """What the address names, kept until the answer is made: the view asks for it too, and need not load it again."""
    found = db.session.get(kind, number)
    g.named = found
    return found


def _check_course(action: str, course: Course | None) -> None:
    if course is None:
        abort(404)
    role = _role_in(course)
    if not may_in_course(current_user, action, course, role):
        abort(403 if may_in_course(current_user, "see course", course, role) else 404)


def _role_in(course: Course) -> CourseRole | None:
    """The person's role in the course: asked once where a page is only looked at, for that changes no role."""
    if current_user.is_admin or request.method != "GET":
        return None
    known: dict[tuple[int, int], CourseRole | None] = g.setdefault("roles_in_courses", {})
    key = (current_user.id, course.id)
    if key not in known:
        known[key] = role_in(current_user, course.id)
    return known[key]


def _may_with_job(action: str, job: Job) -> bool:
    if current_user.is_admin or job.user_id == current_user.id:
        return True
    return (
        action == "see job" and job.course is not None and may_in_course(current_user, "back up", job.course)
    )


JOB_ACTIONS = ("see job", "steer job")
ALL_ACTIONS = frozenset((*COURSE_RULES, *SITE_RULES, *JOB_ACTIONS, "use archive"))


def _ask_to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page; a fragment gets a header that makes the whole page go there."""
    there = url_for(
        "accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None
    )
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
    return redirect(there, 303)


def nobody_yet() -> bool:
    """Whether this site has no account at all."""
    return db.session.execute(sa.select(User.id).limit(1)).first() is None
