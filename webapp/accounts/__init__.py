"""Signing in and out, one's own account, and links to set a password."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

import webapp.accounts.account_views  # noqa: E402
import webapp.accounts.device_views  # noqa: E402
import webapp.accounts.look_views  # noqa: E402
import webapp.accounts.message_views  # noqa: E402
import webapp.accounts.own_views  # noqa: E402
import webapp.accounts.password_views  # noqa: E402
import webapp.accounts.sign_in_views  # noqa: E402, F401
from webapp.accounts.look import chosen_look as chosen_look  # noqa: E402
