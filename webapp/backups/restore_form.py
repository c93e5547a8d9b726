"""What people answer before a restore: where it goes, who comes along, and how parts of a course find their place."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateInput

from jobs.language import gettext as _, lazy_gettext as _l, pgettext
from jobs.steps.building.dates import knows_start, read_day
from webapp.backups.choosing import packed, unpacked
from webapp.backups.leaving_out import KindFields, TreeFields
from webapp.backups.reviewing import Review, free_name, sections_to_choose, was_added
from webapp.content.catalogue import is_shortname_taken
from webapp.models import LONGEST_FULLNAME, LONGEST_SHORTNAME

TARGETS = ("new", "replace", "merge")
#: The steps towards a restore, with what each is called. The first is a page of its own.
STEPS = {
    "file": _l("The file"),
    "contents": _l("What is in it"),
    "where": _l("Where it goes"),
    "settings": _l("People and dates"),
    "review": _l("Look through"),
}
#: What each step asks.
ASKED = {
    "contents": ("sections",),
    "where": ("target", "fullname", "shortname", "category_id", "course_id", "placing", "section_id"),
    "settings": ("people", "start_date", "visible"),
    "review": ("same_people", "again"),
}

#: What goes from step to step in one word of its own, and the step that asks for it.
CARRIED = {"contents": ("out",), "settings": ("without",)}


class RestoreForm(FlaskForm, TreeFields, KindFields):  # type: ignore[misc]
    target = RadioField(_l("Where should it go?"), choices=dict.fromkeys(TARGETS, ""), validate_choice=False)
    fullname = StringField(_l("Name of the new course"), validators=[Length(max=LONGEST_FULLNAME)])
    shortname = StringField(_l("Short name"), validators=[Length(max=LONGEST_SHORTNAME)])
    category_id = SelectField(_l("Category"), coerce=int, validate_choice=False)
    course_id = SelectField(_l("Which course"), coerce=int, validate_choice=False)
    placing = RadioField(
        _l("Its sections"), choices={"number": "", "append": "", "chosen": ""}, validate_choice=False
    )
    section_id = SelectField(_l("Section"), coerce=int, validate_choice=False)
    again = BooleanField(_l("Add it once more"))
    start_date = StringField(_l("New start date"), widget=DateInput())
    same_people = SelectMultipleField(_l("One person"), validate_choice=False)
    people = RadioField(_l("People"), choices={"no": "", "yes": ""}, validate_choice=False)
    visible = BooleanField(_l("Pupils see it at once"))

    def offer(self, review: Review) -> None:
        """Say what can be chosen, and what is chosen as long as nobody has chosen."""
        self.review, self.kinds = review, review.kinds
        self.settle_kinds(review.included)
        self.category_id.choices = {"0": pgettext("category", "None")} | {
            str(one.id): one.name for one in review.categories
        }
        self.course_id.choices = {str(one.id): one.title for one in review.replaceable}
        self.places = sections_to_choose(self.course_id.data) if self._is_offered() else {}
        self.section_id.choices = self.places

    @property
    def goes_into(self) -> bool:
        """Whether it goes into a course that there is."""
        return self.target.data in ("replace", "merge")

    @property
    def brings_people(self) -> bool:
        """Whether people come along. What is locked is not sent by the page, and counts whatever was sent."""
        wanted = self.review.included.obey({"people": self.people.data})["people"]
        return wanted == "yes" and self.review.survey.with_people

    @property
    def can_move_dates(self) -> bool:
        """Whether the file says when its course began."""
        return knows_start(self.review.survey.origin.startdate)

    def validate_sections(self, field: SelectMultipleField) -> None:
        if self.offered_sections.data and not field.data:
            raise ValidationError(_("Choose at least one section. A restore of nothing brings nothing."))
        self.check_length()

    def validate_target(self, field: RadioField) -> None:
        if field.data not in TARGETS or (field.data == "replace" and self.review.is_part):
            raise ValidationError(_("Say where it should go."))
        if field.data == "new" and not self.review.may_make_courses:
            raise ValidationError(_("You may not make courses here. Choose a course that it goes into."))

    def validate_course_id(self, field: SelectField) -> None:
        if self.goes_into and not self._is_offered():
            raise ValidationError(_("Choose one of the courses that you may restore into."))

    def validate_section_id(self, field: SelectField) -> None:
        wanted = self.target.data == "merge" and self.placing.data == "chosen"
        if wanted and str(field.data) not in self.places:
            raise ValidationError(_("Choose a section of the course. These are its sections."))

    def validate_again(self, field: BooleanField) -> None:
        if self.target.data == "merge" and not field.data and was_added(self.review.job, self.course_id.data):
            raise ValidationError(
                _(
                    "This backup was added to this course before. Once more, and everything in it is there "
                    "twice."
                )
            )

    def validate_start_date(self, field: StringField) -> None:
        if not field.data:
            return
        if not self.can_move_dates:
            raise ValidationError(
                _(
                    "The file does not say when its course began, so its dates can’t be moved. Restore it "
                    "without a start date, and set the dates in the course."
                )
            )
        try:
            read_day(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def validate_fullname(self, field: StringField) -> None:
        if self.target.data == "new" and not (field.data or "").strip():
            raise ValidationError(_("Give the course a name."))

    def validate_shortname(self, field: StringField) -> None:
        name = (field.data or "").strip()
        if self.target.data == "new" and not name:
            raise ValidationError(_("Give the course a short name."))
        if self.target.data == "new" and is_shortname_taken(name):
            raise ValidationError(
                _("Another course has this short name. Try “%(free_name)s”.", free_name=free_name(name))
            )

    def options(self) -> dict[str, Any]:
        """The answer, as the job wants it."""
        options: dict[str, Any] = {"target": self.target.data, "people": self.brings_people}
        options |= self.left_out_options()
        if self.brings_people and self.same_people.data:
            options["same_people"] = list(self.same_people.data)
        if self.start_date.data:
            options["start_date"] = read_day(self.start_date.data).isoformat()
        if self.target.data == "replace":
            return options | {"course_id": self.course_id.data}
        if self.target.data == "merge":
            return options | self._addition()
        return options | {
            "fullname": (self.fullname.data or "").strip(),
            "shortname": (self.shortname.data or "").strip(),
            "category_id": self.category_id.data or None,
            **({"visible": True} if self.visible.data else {}),
        }

    def left_out_options(self) -> dict[str, Any]:
        """The part of the answer that says what stays out. Raises ValueError if that can't be read."""
        out, content = self.left_out, self.content.data or ()
        without = [kind for kind in self.kinds if kind not in content]
        return ({"leave_out": out} if any(out.values()) else {}) | ({"without": without} if without else {})

    def chosen(self) -> dict[str, Any]:
        """What was chosen, for the address of the next step. Raises ValueError if an address was not whole."""
        names = [name for step, asked in ASKED.items() if step != "contents" for name in asked]
        chosen = {name: self[name].data for name in names if self[name].data not in (None, [], "", False)}
        chosen = {name: "y" if value is True else value for name, value in chosen.items()}
        out = {"out": packed(self.left_out)} if any(self.left_out.values()) else {}
        return chosen | out | {"without": self.packed_kinds}

    def chosen_elsewhere(self, step: str) -> list[tuple[str, Any]]:
        """The same as pairs, without what this step asks."""
        here = (*ASKED.get(step, ()), *CARRIED.get(step, ()))
        given = [(name, value) for name, value in self.chosen().items() if name not in here]
        return [
            (name, one) for name, value in given for one in (value if isinstance(value, list) else [value])
        ]

    def first_wrong(self) -> str:
        """The step at which the first of the errors stands; empty if there is none."""
        return next((step for step, asked in ASKED.items() if any(self[name].errors for name in asked)), "")

    @property
    def course_name(self) -> str:
        """The course that it goes into, by its name."""
        names = {one.id: one.fullname for one in self.review.replaceable}
        return names.get(self.course_id.data, "")

    @property
    def section_name(self) -> str:
        """The section that all of it goes into, by its name."""
        return self.places.get(str(self.section_id.data), "")

    def _addition(self) -> dict[str, Any]:
        options = {"course_id": self.course_id.data, "again": bool(self.again.data)}
        if self.placing.data == "chosen":
            return options | {"section_id": self.section_id.data}
        return options | {"sections": "append" if self.placing.data == "append" else "number"}

    def _is_offered(self) -> bool:
        return self.course_id.data in [one.id for one in self.review.replaceable]


def chosen_before(given: MultiDict[str, str]) -> dict[str, Any]:
    """What was chosen, as `RestoreForm.chosen` put it into the address; what can't be is left out."""
    found: dict[str, Any] = {
        name: given[name] for name in ("fullname", "shortname", "placing", "people") if name in given
    }
    if given.get("target") in TARGETS:
        found["target"] = given["target"]
    with suppress(ValueError):
        found["start_date"] = read_day(given.get("start_date", "")).isoformat()
    with suppress(ValueError):
        found["out"] = packed(unpacked(given.get("out", "")))
    if "without" in given:
        found["without"] = given["without"]
    numbers = {name: given.get(name, type=int) for name in ("category_id", "course_id", "section_id")}
    found |= {name: number for name, number in numbers.items() if number is not None}
    found |= {name: True for name in ("again", "visible") if name in given}
    return found | {"same_people": given.getlist("same_people")}
