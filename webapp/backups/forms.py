"""What people choose for a backup, and answer before a restore."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError


class PartBackupForm(FlaskForm):  # type: ignore[misc]
    people = RadioField(
        "People", choices={"no": "", "yes": "", "anonymous": ""}, default="yes", validate_choice=False
    )
    files = BooleanField("Files", default=True)
    container = SelectField(
        "How it is packed",
        choices={"tgz": "As Moodle packs its own", "zip": "As a zip, which any computer opens"},
    )

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it. Nobody goes along who was not asked for."""
        chosen = self.people.data if self.people.raw_data else "no"
        return {
            "people": chosen in ("yes", "anonymous"),
            **({"anonymise": True} if chosen == "anonymous" else {}),
            "files": bool(self.files.data),
            "container": self.container.data,
        }


class NewBackupForm(PartBackupForm):
    sections = SelectMultipleField(coerce=int, validate_choice=False)
    activities = SelectMultipleField(coerce=int, validate_choice=False)
    #: What the page offered. What has come into the course since was not left out by anybody.
    offered_sections = HiddenField()
    offered_activities = HiddenField()
    #: What was left out when the page last said what needs it.
    seen = HiddenField()

    def validate_sections(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError("Choose at least one section. A backup of nothing brings nothing back.")

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        sections = _numbers(self.offered_sections.data) - set(self.sections.data or ())
        activities = _numbers(self.offered_activities.data) - set(self.activities.data or ())
        return super().options() | {
            "leave_out": {"sections": sorted(sections), "activities": sorted(activities)}
        }

    @property
    def left_out(self) -> str:
        """What is left out, in one line, as `seen` keeps it."""
        leave_out = self.options()["leave_out"]
        return ";".join(",".join(map(str, leave_out[kind])) for kind in ("sections", "activities"))


def _numbers(given: str | None) -> set[int]:
    return {int(one) for one in (given or "").split(",") if one.isascii() and one.isdigit()}
