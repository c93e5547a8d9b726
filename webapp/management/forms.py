"""The forms about categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.catalogue import Placed
from webapp.content.edit import EditRefused
from webapp.pages.fields import EMPTY, stripped

#: What one category is inside of another is seen by, in a list to choose from.
INDENT = "\u2007\u2007"


def indented(tree: Sequence[Placed]) -> list[tuple[int, str]]:
    """The categories as choices of a list."""
    return [(one.category.id, INDENT * one.depth + one.category.name) for one in tree]


class CategoryForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"),
        [DataRequired(EMPTY), Length(max=255, message=_l("No more than 255 letters."))],
        filters=[stripped],
    )
    parent_id = SelectField(_l("Inside"), coerce=int, default=0)

    def __init__(self, parents: Sequence[Placed], **values: Any) -> None:
        super().__init__(**values)
        self.parent_id.choices = [(0, _("None: on top")), *indented(parents)]

    def refuse(self, refused: EditRefused) -> None:
        """Put the sentence at the field that it is about."""
        self[refused.field].errors = [*self[refused.field].errors, str(refused)]


class ManagerForm(FlaskForm):  # type: ignore[misc]
    who = StringField(
        _l("User name, mail address or full name"),
        [DataRequired(EMPTY)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
