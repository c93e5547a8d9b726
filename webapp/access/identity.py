"""Who is asking: the person who is signed in with this browser, and the admin who may be behind them.

The cookie holds a token; everything else is in the row of the sign-in (`webapp.access.sign_ins`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Response, g, request, session
from werkzeug.local import LocalProxy

from webapp.access import sign_ins
from webapp.access.audit import note, set_actor
from webapp.access.rights import forget_rules
from webapp.database import write_transaction
from webapp.models import SignIn, User, utc_now
from webapp.pages import browsers


class CannotLook(Exception):
    """Nobody can be signed in as this person."""


@dataclass(frozen=True)
class Asking:
    """What is known of who asks."""

    user: User | None = None
    #: The admin who looks as the person, if one does.
    behind: User | None = None
    sign_in_id: int = 0
    seen_at: datetime | None = None


def _asking() -> Asking:
    if "asking" not in g:
        _remember(sign_ins.find(session.get("token", "")))
    return cast(Asking, g.asking)


def _remember(found: SignIn | None) -> None:
    behind = found.behind.user if found and found.behind else None
    g.asking = Asking(found.user, behind, found.id, found.seen_at) if found else Asking()
    set_actor(found.user_id if found else None, behind.id if behind else None)


#: The person who is signed in; false in a condition when nobody is.
current_user = cast(User, LocalProxy(lambda: _asking().user))


def looks_as() -> User | None:
    """The admin who is signed in as the person, and looks with their eyes; None where it is they themselves."""
    return _asking().behind


def this_sign_in() -> int:
    """The number of the sign-in that asks; 0 for nobody."""
    return _asking().sign_in_id


def load_again() -> None:
    """Forget who was loaded: an answer that is still being sent when its request has ended needs them anew."""
    g.pop("asking", None)
    forget_rules()


def sign_in(user: User, *, remember: bool) -> None:
    """Begin a new session for the person; what the browser held before is gone."""
    _begin(user, remember=remember, action="signed in")


def stay_signed_in(user: User) -> None:
    """Begin a new session in place of one that has just ended together with all others."""
    _begin(user, remember=session.permanent)


def look_as(user: User) -> None:
    """Begin a session in which the admin who asks is signed in as somebody else. Raises CannotLook."""
    own = sign_ins.find(session.get("token", ""))
    if own is None or own.behind_id or not sign_ins.may_look_as(user, own.user):
        raise CannotLook
    _begin(user, remember=session.permanent, action="signed in as somebody", behind=own)


def go_back() -> User | None:
    """End looking as somebody, and give the admin a new session of their own; returns who was looked as."""
    found = sign_ins.find(session.get("token", ""))
    if found is None or found.behind is None:
        return None
    looked_as, own = found.user, found.behind
    _begin(own.user, remember=session.permanent, action="went back", about=looked_as, instead_of=own)
    return looked_as


def sign_out() -> None:
    """End the session here; with one in which an admin looks as somebody, their own too."""
    found = sign_ins.find(session.get("token", ""))
    if found is not None:
        own = found.behind or found
        with write_transaction() as writing:
            sign_ins.end(writing, own.user, own.id)
    session.clear()
    _remember(None)


def note_visit(response: Response) -> Response:
    """Write down, once an hour, that the person has opened a page. What a page asks for by itself is no visit."""
    asking: Asking = g.get("asking", Asking())
    by_itself = request.headers.get("HX-Request") or response.mimetype != "text/html"
    if asking.seen_at and not by_itself and utc_now() - asking.seen_at > sign_ins.SEEN_EVERY:
        sign_ins.note_seen(asking.sign_in_id)
    return response


def _begin(
    user: User,
    *,
    remember: bool,
    action: str = "",
    about: User | None = None,
    behind: SignIn | None = None,
    instead_of: SignIn | None = None,
) -> None:
    """Write the sign-in and its note, and put the token into an empty session."""
    browser = browsers.in_words(request.user_agent.string)
    with write_transaction() as writing:
        if instead_of is not None:
            sign_ins.end(writing, instead_of.user, instead_of.id)
        token = sign_ins.begin(writing, user, browser, behind=behind)
        set_actor(user.id, behind.user_id if behind else None)
        if action:
            note(writing, action, about)
    session.clear()
    session["token"] = token
    session.permanent = remember
    _remember(sign_ins.find(token))
