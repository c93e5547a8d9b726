"""What a backup is called, and what its maker notes about it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import Length

from jobs.language import gettext as _, lazy_gettext as _l

LONGEST_NAME, LONGEST_NOTE = 100, 500


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class NamingFields(Form):
    """The fields; both may stay empty."""

    archive_name = StringField(_l("Name"), filters=[_stripped])
    note = TextAreaField(_l("Note"), filters=[_stripped], render_kw={"rows": 3})

    def validate_archive_name(self, field: StringField) -> None:
        Length(max=LONGEST_NAME, message=_("A name has at most 100 letters."))(self, field)

    def validate_note(self, field: TextAreaField) -> None:
        Length(max=LONGEST_NOTE, message=_("A note has at most 500 letters."))(self, field)

    def named(self) -> dict[str, str]:
        """What was said, as the job of a backup wants it."""
        said = {"name": self.archive_name.data, "note": self.note.data}
        return {what: text for what, text in said.items() if text}


class NameForm(FlaskForm, NamingFields):  # type: ignore[misc]
    def chosen(self) -> dict[str, str]:
        return {"name": self.archive_name.data or "", "note_text": self.note.data or ""}
