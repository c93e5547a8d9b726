"""The form of the schedule; the names of its fields are those of the schedule’s columns."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from jobs.automated.folder import FolderProblem, check_folder
from webapp import places
from webapp.fields import WholeNumber
from webapp.models import Category, Destination, ReportWhen, Schedule

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KEEPING = ("keep_last", "keep_daily", "keep_weekly", "keep_monthly", "keep_days")


class Clock(TimeField):
    """A time of day: "02:30"."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([text.strip()[:5] for text in valuelist])
        except ValueError:
            raise ValueError("Write a time of day, as 02:30.") from None


class KeepingFields(Form):
    """How many backups of each course are kept."""

    keep_last = WholeNumber("The last", 0, 1000)
    keep_daily = WholeNumber("One a day", 0, 1000)
    keep_weekly = WholeNumber("One a week", 0, 1000)
    keep_monthly = WholeNumber("One a month", 0, 1000)
    keep_days = WholeNumber("All younger than", 0, 10_000)


class ScheduleForm(FlaskForm, KeepingFields):  # type: ignore[misc]
    active = BooleanField("Back up courses automatically")
    days = SelectMultipleField(
        "Days", coerce=int, choices={str(number): name for number, name in enumerate(WEEKDAYS)}
    )
    at = Clock("Time of day", [InputRequired("Write a time of day, as 02:30.")])
    categories = SelectMultipleField("Categories", coerce=int, validate_choice=False)
    people = BooleanField("People and all they did")
    files = BooleanField("Files")
    skip_hidden = BooleanField("Leave hidden courses out")
    skip_unchanged = BooleanField(
        "Leave out courses in which nothing has changed since their last automatic backup"
    )
    destination = RadioField(
        "Where they go",
        choices={"app": "Into Coursekeep", "folder": "Into a folder", "both": "Both"},
    )
    folder = StringField(
        "Folder",
        [Length(max=1000, message="A path has at most 1,000 letters.")],
        filters=[lambda text: (text or "").strip()],
    )
    check_days = WholeNumber("Read each stored backup again after so many days", 0, 3650)
    report = RadioField(
        "Report",
        choices={"always": "After each round", "trouble": "Only when something failed", "never": "Never"},
    )

    def __init__(self, schedule: Schedule, categories: list[Category]) -> None:
        super().__init__(obj=schedule, data={"at": time(schedule.hour, schedule.minute)})
        self.categories.choices = {str(category.id): category.name for category in categories}
        self._known = {category.id for category in categories}

    def validate_days(self, field: SelectMultipleField) -> None:
        if self.active.data and not field.data:
            raise ValidationError("Choose at least one day.")

    def validate_folder(self, field: StringField) -> None:
        if self.destination.data == Destination.APP.value:
            return
        if not field.data:
            raise ValidationError("Say which folder.")
        try:
            check_folder(Path(field.data), places.instance())
        except FolderProblem as problem:
            raise ValidationError(str(problem)) from problem

    def chosen(self) -> dict[str, Any]:
        """The values of the schedule’s columns."""
        given = {name: value for name, value in self.data.items() if name != "csrf_token"}
        at: time = given.pop("at")
        return given | {
            "days": sorted(given["days"]),
            "hour": at.hour,
            "minute": at.minute,
            "categories": sorted(self._known & set(given["categories"])),
            "destination": Destination(given["destination"]),
            "report": ReportWhen(given["report"]),
        }
