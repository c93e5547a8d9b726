"""The form for the settings; the names of its fields are those of the settings."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.fields import WholeNumber
from webapp.placeholders import one_line


class Switch(RadioField):
    """On or off, as two choices."""

    def __init__(self, label: str, **binding: Any) -> None:
        choices: list[Any] = ["on", "off"]
        super().__init__(label, [InputRequired("Choose one of the two.")], choices=choices, **binding)

    def process_data(self, value: Any) -> None:
        super().process_data("on" if value else "off")


class SettingsForm(FlaskForm):  # type: ignore[misc]
    site_name = StringField(
        "Name of the school",
        [DataRequired("A school has a name."), Length(max=100, message="A name has at most 100 letters.")],
        filters=[lambda text: one_line(text or "")],
    )
    async_jobs = Switch("Background work")
    job_messages = Switch("Messages")
    undo_days = WholeNumber("Days that a restore can be taken back", 0, 365)
    audit_days = WholeNumber("Days that the audit log is kept", 1, 3650)
    bin_days = WholeNumber("Days that deleted things lie in the bin", 0, 365)
    upload_limit_mb = WholeNumber("Largest backup file that can be uploaded, in MB", 1, 1_000_000)

    def chosen(self) -> dict[str, Any]:
        """The settings as they are kept."""
        return {
            name: value == "on" if isinstance(self[name], Switch) else value
            for name, value in self.data.items()
            if name != "csrf_token"
        }
