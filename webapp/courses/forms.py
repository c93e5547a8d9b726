"""The forms about a course as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.edit import EditRefused
from webapp.models import Category, Course
from webapp.pages.days import day_of, seconds_of
from webapp.pages.fields import course_fullname, course_idnumber, course_shortname, stripped, usual_day


class EditForm(FlaskForm):  # type: ignore[misc]
    """A form whose answer the content operations may refuse."""

    def refuse(self, refused: EditRefused) -> None:
        """Put the sentence at the field that it is about."""
        field = self[refused.field]
        field.errors = [*field.errors, str(refused)]


class CourseForm(EditForm):
    fullname = course_fullname()
    shortname = course_shortname()
    category_id = SelectField(_l("Category"), coerce=int, default=0)
    visible = BooleanField(_l("Pupils may see it"), default=True)

    def __init__(self, offered: Sequence[Category], **values: Any) -> None:
        super().__init__(**values)
        self._offered = {category.id: category for category in offered}
        self.category_id.choices = [(0, _("None")), *((one.id, one.name) for one in offered)]

    def names(self) -> tuple[str, str]:
        return self.fullname.data or "", self.shortname.data or ""

    def category(self) -> Category | None:
        return self._offered.get(self.category_id.data)


class NewCourseForm(CourseForm):
    sections = IntegerField(
        _l("Sections to begin with"),
        [NumberRange(min=0, max=52, message=_l("Between 0 and 52."))],
        default=4,
    )


class SettingsForm(CourseForm):
    idnumber = course_idnumber()
    start = DateField(_l("Begins"), [Optional(), usual_day])
    end = DateField(_l("Ends"), [Optional(), usual_day])
    summary = TextAreaField(_l("Summary"))

    def validate_end(self, field: DateField) -> None:
        if self.start.data and field.data and field.data < self.start.data:
            raise ValidationError(_("It ends before it begins."))

    def values(self, course: Course) -> dict[str, Any]:
        """The course's columns as they were typed; a day that stays keeps its time of day."""
        return {
            "fullname": self.fullname.data,
            "shortname": self.shortname.data,
            "idnumber": self.idnumber.data,
            "category_id": self.category_id.data or None,
            "visible": self.visible.data,
            "start_date": seconds_of(self.start.data, course.start_date),
            "end_date": seconds_of(self.end.data, course.end_date),
        }


def settings_of(course: Course, summary: str) -> dict[str, Any]:
    """What the settings form says of a course before anybody has typed."""
    return {
        "fullname": course.fullname,
        "shortname": course.shortname,
        "idnumber": course.idnumber,
        "category_id": course.category_id or 0,
        "visible": course.visible,
        "start": day_of(course.start_date),
        "end": day_of(course.end_date),
        "summary": summary,
    }


class DeleteForm(FlaskForm):  # type: ignore[misc]
    """Asks for the short name of what is to go, so that nobody deletes a course by a slip of the hand."""

    typed = StringField(_l("Short name"), filters=[stripped], render_kw={"autocomplete": "off"})

    def __init__(self, shortname: str) -> None:
        super().__init__()
        self._shortname = shortname

    def validate_typed(self, field: StringField) -> None:
        if field.data != self._shortname.strip():
            raise ValidationError(_("Type %(shortname)s as it stands here.", shortname=self._shortname))
