"""The accounts of the site, for admins: making, inviting, changing, and bringing in a list."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("people", __name__)

import webapp.people.audit_views  # noqa: E402
import webapp.people.import_views  # noqa: E402
import webapp.people.removal_views  # noqa: E402
import webapp.people.rights_views  # noqa: E402
import webapp.people.views  # noqa: E402, F401
