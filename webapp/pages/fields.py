"""Fields of forms that several features share."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import Field, IntegerField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from jobs.language import gettext as _, lazy_gettext as _l, number

EMPTY = _l("This is empty.")


def stripped(typed: str | None) -> str:
    return (typed or "").strip()


def course_fullname() -> StringField:
    return StringField(_l("Full name"), [DataRequired(EMPTY), _at_most(254)], filters=[stripped])


def course_shortname() -> StringField:
    return StringField(_l("Short name"), [DataRequired(EMPTY), _at_most(100)], filters=[stripped])


def course_idnumber() -> StringField:
    return StringField(_l("Number in other systems"), [_at_most(100)], filters=[stripped])


def _at_most(letters: int) -> Length:
    return Length(max=letters, message=_l("No more than %(letters)s letters.", letters=letters))


class WholeNumber(IntegerField):
    """A number within bounds, with words of ours for what is none."""

    def __init__(self, label: str, least: int, most: int, **binding: Any) -> None:
        words = _("It is a number from %(least)s to %(most)s.", least=number(least), most=number(most))
        super().__init__(
            label, [InputRequired(_("Write a number.")), NumberRange(least, most, words)], **binding
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a whole number.")) from None


def is_usual(day: date) -> bool:
    """Whether it is a day that every clock here can reckon with."""
    return 1970 <= day.year < 3000


def usual_day(_form: BaseForm, field: Field) -> None:
    """Refuse a day that no clock can reckon with. Raises ValidationError."""
    if field.data and not is_usual(field.data):
        raise ValidationError(_("Take a day between 1970 and 2999."))
