"""What people choose for a backup, and answer before a restore."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from webapp.backups.reviewing import Review, free_name, is_taken


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


class RestoreForm(FlaskForm):  # type: ignore[misc]
    target = RadioField("Where should it go?", choices={"new": "", "replace": ""}, validate_choice=False)
    fullname = StringField("Name of the new course", validators=[Length(max=254)])
    shortname = StringField("Short name", validators=[Length(max=100)])
    category_id = SelectField("Category", coerce=int, validate_choice=False)
    course_id = SelectField("Which course", coerce=int, validate_choice=False)
    people = RadioField("People", choices={"no": "", "yes": ""}, validate_choice=False)

    def offer(self, review: Review) -> None:
        """Say what can be chosen, and what is chosen as long as nobody has chosen."""
        self.review = review
        self.category_id.choices = {"0": "None"} | {str(one.id): one.name for one in review.categories}
        self.course_id.choices = {str(one.id): one.title for one in review.replaceable}

    def validate_target(self, field: RadioField) -> None:
        if field.data not in ("new", "replace"):
            raise ValidationError("Say where it should go.")
        if field.data == "new" and not self.review.may_make_courses:
            raise ValidationError("You may not make courses here. Choose a course whose content it replaces.")

    def validate_course_id(self, field: SelectField) -> None:
        if self.target.data == "replace" and field.data not in [one.id for one in self.review.replaceable]:
            raise ValidationError("Choose one of the courses that you may restore into.")

    def validate_fullname(self, field: StringField) -> None:
        if self.target.data == "new" and not (field.data or "").strip():
            raise ValidationError("Give the course a name.")

    def validate_shortname(self, field: StringField) -> None:
        name = (field.data or "").strip()
        if self.target.data == "new" and not name:
            raise ValidationError("Give the course a short name.")
        if self.target.data == "new" and is_taken(name):
            raise ValidationError(f"Another course has this short name. Try “{free_name(name)}”.")

    def options(self) -> dict[str, Any]:
        """The answer, as the job wants it."""
        people = self.people.data == "yes" and self.review.survey.with_people
        if self.target.data == "replace":
            return {"target": "replace", "people": people, "course_id": self.course_id.data}
        return {
            "target": "new",
            "people": people,
            "fullname": (self.fullname.data or "").strip(),
            "shortname": (self.shortname.data or "").strip(),
            "category_id": self.category_id.data or None,
        }


def _numbers(given: str | None) -> set[int]:
    return {int(one) for one in (given or "").split(",") if one.isascii() and one.isdigit()}
