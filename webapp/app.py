"""Wires the application together; the only place that does."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from flask import Flask, Response, abort, g, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from jobs import memory, queue, reserve
from webapp import (
    accounts,
    archives,
    automated,
    backups,
    bin,
    copies,
    courses,
    guide,
    health,
    management,
    messages,
    participants,
    people,
    places,
    progress,
    settings,
)
from webapp.access import identity, permissions
from webapp.config import load_config
from webapp.database import BIGGEST, prepare_engine
from webapp.extensions import csrf, db, mail
from webapp.models import get_setting
from webapp.pages import addressing, formatters, languages, reader, repeating
from webapp.pages.errors import register_errors
from webapp.pages.routing import LateRule

FEATURES = (
    accounts,
    courses,
    management,
    participants,
    copies,
    backups,
    archives,
    automated,
    bin,
    progress,
    messages,
    settings,
    people,
    guide,
    health,
)

#: Pages may use what comes from here, and nothing else. Where the rich-text editor is open
#: (g.editor_open) its styles are allowed too, and pictures that are on their way into a text.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
EDITOR_POLICY = POLICY.replace("data:", "data: blob:") + "; style-src 'self' 'unsafe-inline'"


class Coursekeep(Flask):
    url_rule_class = LateRule


class CookieSessions(SecureCookieSessionInterface):
    """Cookies are Secure wherever the school is reached by https; a try-out on http works too."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or app.config["BASE_URL"].startswith("https:")


def build_app(overrides: dict[str, Any]) -> Flask:
    memory.keep_little()
    config = load_config(overrides)
    app = Coursekeep("webapp", instance_path=str(config["INSTANCE"]))
    app.config.from_mapping(config)
    app.session_interface = CookieSessions()
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    mail.init_app(app)
    csrf.init_app(app)
    prepare_engine(app)
    queue.init_app(app)
    with app.app_context():
        places.prepare()
        reserve.keep()
    languages.register(app)
    reader.register(app)
    formatters.register(app)
    addressing.register(app)
    repeating.register(app)
    register_errors(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.url_value_preprocessor(_check_numbers)
    app.after_request(_protect)
    app.after_request(identity.note_visit)
    app.context_processor(_for_every_page)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/", max_age=31_536_000)  # type: ignore[method-assign]
    return app


def _check_numbers(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Answer 404 to numbers that can be no ids."""
    if any(isinstance(value, int) and value > BIGGEST for value in (values or {}).values()):
        abort(404)


def _protect(response: Response) -> Response:
    """Send the headers that keep a page's power to what we gave it."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", EDITOR_POLICY if g.get("editor_open") else POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store")
    return response


def _for_every_page() -> dict[str, Any]:
    return {
        "current_user": permissions.current_user,
        "looks_as": identity.looks_as,
        "can": permissions.can,
        "has_backups": permissions.has_backups,
        # Asked once for a page, however often it says it.
        "site_name": cache(lambda: get_setting("site_name")),
        "site_look": settings.site_look,
        "unread_messages": messages.unread_count,
        "chosen_look": accounts.chosen_look,
        "help_with_page": guide.help_with_page,
        "open_steps": guide.open_steps,
        "count_in_bin": bin.count_of_course,
        "health_troubles": lambda: health.troubles_at_work().troubles,
        "count_of_deleted_courses": bin.count_of_courses,
    }
