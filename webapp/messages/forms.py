"""The form for the words of a message."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.notices.placeholders import unknown

MOST_NAMED = 5


def _unix(text: str | None) -> str | None:
    return text.replace("\r\n", "\n") if text else text


class KnownWords:
    """Refuses placeholders that do not exist, and names the nearest ones that do.

    What it finds is kept as `unknown_words` of the field, for a page that offers to put it right.
    """

    def __init__(self, *, name_lines: bool) -> None:
        self.name_lines = name_lines

    def __call__(self, _form: FlaskForm, field: Any) -> None:
        found = unknown(field.data)
        field.unknown_words = found[:MOST_NAMED]
        if found:
            raise ValidationError(" ".join(self._sentence(*one) for one in found[:MOST_NAMED]))

    def _sentence(self, line: int, name: str, nearest: str) -> str:
        if not self.name_lines:
            return _("There is no {%(name)s}. Did you mean {%(nearest)s}?", name=name, nearest=nearest)
        return _(
            "Line %(line)s: there is no {%(name)s}. Did you mean {%(nearest)s}?",
            line=line,
            name=name,
            nearest=nearest,
        )


class WordsForm(FlaskForm):  # type: ignore[misc]
    subject = StringField(
        _l("Subject"),
        [
            DataRequired(_l("A message needs a subject.")),
            Length(max=200, message=_l("A subject has at most 200 letters.")),
            KnownWords(name_lines=False),
        ],
    )
    body = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("A message needs a text.")),
            Length(max=10_000, message=_l("A text has at most 10,000 letters.")),
            KnownWords(name_lines=True),
        ],
        filters=[_unix],
    )
    #: The version that was on the page when the typing began.
    based_on = IntegerField(widget=HiddenInput(), validators=[Optional()])
    #: Where there is no script: show how it will look, and save nothing yet.
    look = SubmitField(_l("Show how it will look"))

    @property
    def words(self) -> tuple[str, str]:
        """Subject and text as they were typed."""
        return self.subject.data or "", self.body.data or ""

    @property
    def faults(self) -> int:
        """How many of the words in braces are not known."""
        return sum(len(self.unknown_in(field)) for field in (self.subject, self.body))

    @staticmethod
    def unknown_in(field: Field) -> list[tuple[int, str, str]]:
        return getattr(field, "unknown_words", [])
