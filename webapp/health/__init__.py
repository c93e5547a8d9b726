"""Whether this site works, for whoever watches over it."""

from flask import Blueprint

bp = Blueprint("health", __name__)
