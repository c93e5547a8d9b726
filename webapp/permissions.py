"""Who is asking, and may they? One decorator on every view.

A page about something that is not the person's own answers 404, as if it were not
there; one that they may see but not change answers 403.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import sqlalchemy as sa
from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.local import LocalProxy

from webapp.audit import set_actor
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, Job, User
from webapp.rights import COURSE_RULES, SITE_RULES, forget_rules, may_in_course, may_on_site

View = Callable[..., ResponseReturnValue]


def _load_user() -> User | None:
    if "asking" not in g:
        g.asking = _user_of_session()
        set_actor(g.asking.id if g.asking else None)
    return cast("User | None", g.asking)


def _user_of_session() -> User | None:
    user_id, key = session.get("user_id"), session.get("key", "")
    user = db.session.get(User, user_id) if user_id else None
    if user is None or not user.active or not hmac.compare_digest(user.session_key, key):
        return None
    return user


#: The person who is signed in; false in a condition when nobody is.
current_user = cast(User, LocalProxy(_load_user))


def load_again() -> None:
    """Forget who was loaded: an answer that is still being sent when its request has ended needs them anew."""
    g.pop("asking", None)
    forget_rules()


def sign_in(user: User, *, remember: bool) -> None:
    """Begin a new session for the person; what the browser held before is gone."""
    session.clear()
    session["user_id"] = user.id
    session["key"] = user.session_key
    session.permanent = remember
    g.asking = user
    set_actor(user.id)


def sign_out() -> None:
    session.clear()
    g.asking = None


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
        return _may_with_archive(thing)
    return isinstance(thing, Course) and may_in_course(current_user, action, thing)


def _check(action: str, named: dict[str, Any]) -> None:
    if action in SITE_RULES:
        if not may_on_site(current_user, action):
            abort(403)
    elif action in COURSE_RULES:
        _check_course(action, db.session.get(Course, named["course_id"]))
    elif action in JOB_ACTIONS:
        job = db.session.get(Job, named["job_id"])
        if job is None or not _may_with_job(action, job):
            abort(404)
    else:
        archive = db.session.get(ArchiveFile, named["archive_id"])
        if archive is None or not _may_with_archive(archive):
            abort(404)


def _check_course(action: str, course: Course | None) -> None:
    if course is None:
        abort(404)
    if not may_in_course(current_user, action, course):
        abort(403 if may_in_course(current_user, "see course", course) else 404)


def _may_with_job(action: str, job: Job) -> bool:
    if current_user.is_admin or job.user_id == current_user.id:
        return True
    return (
        action == "see job" and job.course is not None and may_in_course(current_user, "back up", job.course)
    )


def _may_with_archive(archive: ArchiveFile) -> bool:
    if current_user.is_admin or archive.owner_id == current_user.id:
        return True
    course = db.session.get(Course, archive.course_id) if archive.course_id else None
    return course is not None and may_in_course(current_user, "back up", course)


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
