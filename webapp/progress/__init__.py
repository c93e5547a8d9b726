"""How far jobs are, and what came of them."""

from flask import Blueprint

bp = Blueprint("progress", __name__)
