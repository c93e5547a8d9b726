"""The form above the list of all jobs."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import Length, Optional

from jobs.language import lazy_gettext as _l
from webapp.models import JobKind
from webapp.pages.fields import stripped, usual_day
from webapp.progress.filters import Wanted
from webapp.progress.operations import SHOWN_KINDS

_KINDS: list[Any] = ["", *SHOWN_KINDS]


class FilterForm(Form):
    """Changes nothing, so it needs no token."""

    person = StringField(_l("Person"), [Length(max=100)], filters=[stripped])
    course = StringField(_l("Course"), [Length(max=100)], filters=[stripped])
    kind = SelectField(_l("Kind"), choices=_KINDS)
    day = DateField(_l("Day"), [Optional(), usual_day])

    def wanted(self, standing: str) -> Wanted:
        """What was chosen; what can't be understood is left out, and said beside its field."""
        self.validate()
        typed = {field.name: None if field.errors else field.data for field in self}
        return Wanted(
            standing,
            person=typed["person"] or "",
            course=typed["course"] or "",
            kind=JobKind(typed["kind"]) if typed["kind"] else None,
            day=typed["day"],
        )
