"""Backups of a course, and what restores from one."""

from flask import Blueprint

bp = Blueprint("backups", __name__)
