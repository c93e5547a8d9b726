"""What people say about a copy, and choose for an import."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from jobs.engine.moving import EVERYBODY, SHARED
from jobs.language import gettext as _, lazy_gettext as _l, ngettext, pgettext
from jobs.steps.building.dates import FIRST_DAY, LAST_DAY
from webapp.access.memberships import ROLE_WORDS
from webapp.content.catalogue import categories_in_order, is_shortname_taken
from webapp.content.choices import Choices
from webapp.content.headings import heading_of
from webapp.copies.operations import roles_offered
from webapp.extensions import db
from webapp.job_requests.inclusion import may_copy_people
from webapp.models import Course, Section, User
from webapp.pages.days import day_of
from webapp.pages.fields import course_fullname, course_idnumber, course_shortname, usual_day


class CopyForm(FlaskForm):  # type: ignore[misc]
    fullname = course_fullname()
    shortname = course_shortname()
    idnumber = course_idnumber()
    category_id = SelectField(_l("Category"), coerce=int)
    visible = BooleanField(_l("Pupils may see it"))
    start = DateField(_l("Begins"), [Optional(), usual_day])
    end = DateField(_l("Ends"), [Optional(), usual_day])
    people = BooleanField(_l("People, and what they did"))
    roles = SelectMultipleField(
        _l("Roles"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer(self, course: Course, user: User) -> None:
        """Say what can be chosen for a copy of this course."""
        self._course = course
        if not may_copy_people(db.session()):
            self.people.data, self.people.render_kw = False, {"disabled": True}
        self.category_id.choices = [
            (0, pgettext("category", "None")),
            *((one.id, one.name) for one in categories_in_order()),
        ]
        self.roles.choices = [
            (str(role), f"{ROLE_WORDS[role]} ({ngettext('%(num)s person', '%(num)s people', number)})")
            for role, number in roles_offered(course, user).items()
        ]

    def validate_shortname(self, field: StringField) -> None:
        if is_shortname_taken(field.data or ""):
            raise ValidationError(_("Another course has this short name."))

    def validate_start(self, field: DateField) -> None:
        _check_day(field.data)

    def validate_end(self, field: DateField) -> None:
        _check_day(field.data)
        begins = self.start.data or day_of(self._course.start_date)
        # Left as it was it moves along.
        ends = field.data if field.data != day_of(self._course.end_date) else None
        if begins and ends and ends < begins:
            raise ValidationError(_("It ends before it begins."))

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it; a day that was left as it is moves nothing."""
        return {
            "fullname": self.fullname.data,
            "shortname": self.shortname.data,
            "idnumber": self.idnumber.data,
            "category_id": self.category_id.data or None,
            "visible": bool(self.visible.data),
            "start_date": _if_other(self.start.data, self._course.start_date),
            "end_date": _if_other(self.end.data, self._course.end_date),
            "no_end": self.end.data is None,
            "people": bool(self.people.data),
            "roles": list(self.roles.data or ()),
        }


def _check_day(day: date | None) -> None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            _("Choose a day between %(year)s and %(year2)s.", year=FIRST_DAY.year, year2=LAST_DAY.year)
        )


def _if_other(day: date | None, before: int) -> str | None:
    return day.isoformat() if day and day != day_of(before) else None


class MoveForm(FlaskForm):  # type: ignore[misc]
    section_id = SelectField(_l("Into which section"), coerce=int)
    work = RadioField(_l("What people did in it"), choices={SHARED: "", EVERYBODY: "", "": ""})

    def offer(self, sections: list[Section], *, with_work: bool) -> None:
        """Say into which sections it may go, none for a section; and whether what people did may go along."""
        if sections:
            self.section_id.choices = [(one.id, heading_of(one)) for one in sections]
        else:
            del self.section_id
        if not with_work:
            self.work.choices = [("", "")]


class ImportForm(FlaskForm):  # type: ignore[misc]
    sections = SelectMultipleField(_l("Sections and activities"), coerce=int, validate_choice=False)
    activities = SelectMultipleField(coerce=int, validate_choice=False)
    #: All that the page offered: what is chosen may be all there is.
    offered = HiddenField()
    placing = RadioField(
        _l("Where in the course"), choices={"number": "", "append": "", "chosen": ""}, default="number"
    )
    section_id = SelectField(_l("Section"), coerce=int)
    look = SubmitField(_l("Show what would happen"))

    def offer(self, choices: Choices, sections: list[Section], names: dict[int, str]) -> None:
        """Say what there is to choose, and into which sections it can go."""
        self._choices = choices
        self.section_id.choices = [(one.id, names[one.id]) for one in sections]

    def validate_sections(self, field: SelectMultipleField) -> None:
        if not field.data and not self.activities.data:
            raise ValidationError(_("Choose at least one section or activity."))

    def is_chosen(self, moodle_id: int, *, section: bool = False) -> bool:
        chosen = (self.sections if section else self.activities).data or ()
        return moodle_id in chosen

    def pick(self, which: str) -> None:
        """Tick "all" or "none"."""
        sections = [one.moodle_id for one in self._choices.sections]
        self.sections.data = sections if which == "all" else []
        self.activities.data = self._choices.activity_ids if which == "all" else []

    def options(self, course: Course, source: Course) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        sections, activities = set(self.sections.data or ()), set(self.activities.data or ())
        offered = {one.moodle_id for one in self._choices.sections}
        is_all = sections >= offered and activities >= set(self._choices.activity_ids)
        only = None if is_all else {"sections": sorted(sections), "activities": sorted(activities)}
        options: dict[str, Any] = {"source_id": source.id, "course_id": course.id, "only": only}
        if self.placing.data == "chosen":
            return options | {"section_id": self.section_id.data}
        return options | {"sections": self.placing.data}
