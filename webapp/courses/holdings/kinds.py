"""Kinds of files, as people tell them apart."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jobs.language import lazy_gettext as _l

#: What a kind is called, and the beginnings of the types that belong to it.
KINDS: dict[str, tuple[str, ...]] = {
    "Pictures": ("image/",),
    "Films": ("video/",),
    "Sound": ("audio/",),
    "PDF": ("application/pdf",),
    "Texts and tables": (
        "text/", "application/msword", "application/vnd.ms-", "application/vnd.openxmlformats",
        "application/vnd.oasis", "application/rtf", "application/epub",
    ),
    "Packages": (
        "application/zip", "application/x-zip", "application/x-gzip", "application/gzip", "application/x-tar",
        "application/vnd.moodle", "application/x-7z", "application/x-rar", "application/zip.h5p",
    ),
}  # fmt: skip
OTHER = "Other files"
ALL = (*KINDS, OTHER)
#: How a page says each.
WORDS = {
    "Pictures": _l("Pictures"),
    "Films": _l("Films"),
    "Sound": _l("Sound"),
    "PDF": "PDF",
    "Texts and tables": _l("Texts and tables"),
    "Packages": _l("Packages"),
    OTHER: _l("Other files"),
}


def kind_of(mimetype: str | None) -> str:
    """The kind that a type belongs to."""
    given = (mimetype or "").lower()
    return next((kind for kind, beginnings in KINDS.items() if given.startswith(beginnings)), OTHER)


def is_of_kind(column: Any, kind: str) -> sa.ColumnElement[bool]:
    """The same as a condition."""
    if kind in KINDS:
        return _begins(column, KINDS[kind])
    return sa.or_(
        column.is_(None), sa.not_(_begins(column, [one for some in KINDS.values() for one in some]))
    )


def _begins(column: Any, beginnings: Any) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.startswith(one, autoescape=True) for one in beginnings))
