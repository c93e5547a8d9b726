"""The form of the schedule; the names of its fields are those of the schedule’s columns."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from jobs.automated.folder import FolderProblem, check_folder
from jobs.language import gettext as _, lazy_gettext as _l
from webapp import places
from webapp.models import Category, Destination, ReportWhen, Schedule
from webapp.pages.fields import WholeNumber
from webapp.site_settings.declared import CONTENT

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
KEEPING = ("keep_last", "keep_daily", "keep_weekly", "keep_monthly", "keep_days")


class Clock(TimeField):
    """A time of day: "02:30"."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([text.strip()[:5] for text in valuelist])
        except ValueError:
            raise ValueError(_("Write a time of day, as 02:30.")) from None


class KeepingFields(Form):
    """How many backups of each course are kept."""

    keep_last = WholeNumber(_l("The last"), 0, 1000)
    keep_daily = WholeNumber(_l("One a day"), 0, 1000)
    keep_weekly = WholeNumber(_l("One a week"), 0, 1000)
    keep_monthly = WholeNumber(_l("One a month"), 0, 1000)
    keep_days = WholeNumber(_l("All younger than"), 0, 10_000)


class ScheduleForm(FlaskForm, KeepingFields):  # type: ignore[misc]
    active = BooleanField(_l("Back up courses automatically"))
    days = SelectMultipleField(
        _l("Days"), coerce=int, choices={str(number): name for number, name in enumerate(WEEKDAYS)}
    )
    at = Clock(_l("Time of day"), [InputRequired(_l("Write a time of day, as 02:30."))])
    categories = SelectMultipleField(_l("Categories"), coerce=int, validate_choice=False)
    people = BooleanField(_l("People and all they did"))
    files = BooleanField(_l("Files"))
    content = SelectMultipleField(choices={kind: words[0] for kind, words in CONTENT.items()})
    #: Sent where the kinds were there to tick.
    content_asked = HiddenField()
    #: No kind is locked here: the schedule is the admins’ own.
    locked_kinds: frozenset[str] = frozenset()
    skip_hidden = BooleanField(_l("Leave hidden courses out"))
    skip_unchanged = BooleanField(
        _l("Leave out courses in which nothing has changed since their last automatic backup")
    )
    destination = RadioField(
        _l("Where they go"),
        choices={"app": _l("Into Coursekeep"), "folder": _l("Into a folder"), "both": _l("Both")},
    )
    folder = StringField(
        _l("Folder"),
        [Length(max=1000, message=_l("A path has at most 1,000 letters."))],
        filters=[lambda text: (text or "").strip()],
    )
    check_days = WholeNumber(_l("Read each stored backup again after so many days"), 0, 3650)
    report = RadioField(
        _l("Report"),
        choices={
            "always": _l("After each round"),
            "trouble": _l("Only when something failed"),
            "never": _l("Never"),
        },
    )

    def __init__(self, schedule: Schedule, categories: list[Category]) -> None:
        before = [kind for kind in CONTENT if kind not in (schedule.without or ())]
        super().__init__(obj=schedule, data={"at": time(schedule.hour, schedule.minute), "content": before})
        if not self.content_asked.data:
            self.content.data = before
        self.categories.choices = {str(category.id): category.name for category in categories}
        self._known = {category.id for category in categories}

    def validate_days(self, field: SelectMultipleField) -> None:
        if self.active.data and not field.data:
            raise ValidationError(_("Choose at least one day."))

    def validate_folder(self, field: StringField) -> None:
        if self.destination.data == Destination.APP.value:
            return
        if not field.data:
            raise ValidationError(_("Say which folder."))
        try:
            check_folder(Path(field.data), places.instance())
        except FolderProblem as problem:
            raise ValidationError(str(problem)) from problem

    def chosen(self) -> dict[str, Any]:
        """The values of the schedule’s columns."""
        given = {name: value for name, value in self.data.items() if name != "csrf_token"}
        at: time = given.pop("at")
        given.pop("content_asked")
        content = given.pop("content")
        return given | {
            "without": [kind for kind in CONTENT if kind not in content],
            "days": sorted(given["days"]),
            "hour": at.hour,
            "minute": at.minute,
            "categories": sorted(self._known & set(given["categories"])),
            "destination": Destination(given["destination"]),
            "report": ReportWhen(given["report"]),
        }
