"""Light or dark: what a browser was told. Kept in that browser, because each screen stands in another light."""

from __future__ import annotations

from flask import Response, current_app, request

from jobs.language import lazy_gettext as _l

COOKIE = "look"
#: What can be chosen; anything else means: as the device has it.
LOOKS = {"light": _l("Light"), "dark": _l("Dark")}
_A_YEAR = 365 * 86400


def chosen_look() -> str:
    """ "light", "dark", or empty: as the device has it."""
    look = request.cookies.get(COOKIE, "")
    return look if look in LOOKS else ""


def remember_look(response: Response, look: str) -> None:
    """Have the browser keep the choice for a year; one that is none of LOOKS is forgotten."""
    if look not in LOOKS:
        response.delete_cookie(COOKIE)
        return
    secure = current_app.session_interface.get_cookie_secure(current_app)
    response.set_cookie(COOKIE, look, max_age=_A_YEAR, httponly=True, secure=secure, samesite="Lax")
