"""The forms about who is in a course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from jobs.language import lazy_gettext as _l
from webapp.access.memberships import ROLE_WORDS
from webapp.models import CourseRole
from webapp.pages.fields import EMPTY, stripped


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Takes somebody into a course."""

    who = StringField(
        _l("User name, mail address or full name"),
        [DataRequired(EMPTY)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    role = SelectField(_l("As"), coerce=CourseRole, default=CourseRole.STUDENT)

    def __init__(self, roles: Sequence[CourseRole], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [(role.value, ROLE_WORDS[role]) for role in roles]


class NameForm(FlaskForm):  # type: ignore[misc]
    """What a group or grouping is called."""

    name = StringField(
        _l("Name"),
        [DataRequired(EMPTY), Length(max=254, message=_l("No more than 254 letters."))],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
