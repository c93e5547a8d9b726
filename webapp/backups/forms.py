"""What people choose for a backup."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from jobs.archive.numbers import is_whole
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.steps.selecting.optional import ACTIVITIES
from webapp.backups.choosing import LeftOut, packed, unpacked
from webapp.backups.naming import NamingFields
from webapp.extensions import db
from webapp.inclusion import PEOPLE, backup_options, for_backup
from webapp.site_settings.declared import CONTENT

#: The longest list of what is left out that fits into an address.
LONGEST_ADDRESS = 6000


class PartBackupForm(FlaskForm, NamingFields):  # type: ignore[misc]
    people = RadioField(_l("People"), choices=dict.fromkeys(PEOPLE, ""), validate_choice=False)
    files = BooleanField(_l("Files"))
    container = SelectField(
        _l("How it is packed"),
        choices={"tgz": _l("As Moodle packs its own"), "zip": _l("As a zip, which any computer opens")},
    )

    #: The kinds that are asked about: who wants a part wants the activities in it.
    kinds: ClassVar = {kind: words for kind, words in CONTENT.items() if kind != ACTIVITIES}
    #: What else goes in, by its kind; `content_asked` is sent where the kinds were there to tick.
    content = SelectMultipleField(_l("What else goes in"), validate_choice=False)
    content_asked = HiddenField()
    #: The kinds that were left out in a step before.
    without = HiddenField()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if self.is_submitted() and not self.people.raw_data:
            self.people.data = "no"  # nobody goes along who was not asked for
        included = for_backup(db.session())
        #: What admins have locked. It is not sent by the page, and counts whatever was sent.
        self.locked = included.locked
        for name in self.locked:
            self[name].data, self[name].render_kw = included.chosen[name], {"disabled": True}
        self.locked_kinds = included.locked_kinds
        if not self.content_asked.data:
            before = self.without.data
            left = (
                set(before.split("."))
                if before is not None
                else CONTENT.keys() - set(included.chosen["content"])
            )
            self.content.data = [kind for kind in CONTENT if kind not in left]
        self.content.data = included.obey({"content": self.content.data})["content"]

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        chosen = {name: self[name].data for name in ("people", "files", "container")}
        not_asked = [kind for kind in CONTENT if kind not in self.kinds]
        return backup_options(chosen | {"content": [*(self.content.data or ()), *not_asked]}) | self.named()


class NewBackupForm(PartBackupForm):
    kinds: ClassVar = CONTENT
    sections = SelectMultipleField(coerce=int, validate_choice=False)
    activities = SelectMultipleField(coerce=int, validate_choice=False)
    #: What the page offered. What has come into the course since was not left out by anybody.
    offered_sections = HiddenField()
    offered_activities = HiddenField()
    #: What was left out in a step before, as `choosing.packed` has it.
    out = HiddenField()

    def validate_sections(self, field: SelectMultipleField) -> None:
        if not field.data and not self.out.raw_data:
            raise ValidationError(_("Choose at least one section. A backup of nothing brings nothing back."))
        if len(packed(self.left_out)) > LONGEST_ADDRESS:
            raise ValidationError(
                _("These are too many single things to leave out. Leave out whole sections.")
            )

    @property
    def left_out(self) -> LeftOut:
        """The ids of the sections and activities that stay out."""
        if self.out.data:
            return unpacked(self.out.data)
        chosen = {"sections": self.sections.data or (), "activities": self.activities.data or ()}
        offered = {"sections": self.offered_sections.data, "activities": self.offered_activities.data}
        return {kind: sorted(_numbers(offered[kind]) - set(chosen[kind])) for kind in offered}

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        return super().options() | {"leave_out": self.left_out}

    def chosen(self) -> dict[str, str]:
        """What was chosen, for the address of the next step."""
        return {
            "people": self.people.data or "no",
            "files": "y" if self.files.data else "",
            "container": self.container.data,
            "without": ".".join(kind for kind in CONTENT if kind not in (self.content.data or ())),
            "out": packed(self.left_out),
            "archive_name": self.archive_name.data or "",
            "note": self.note.data or "",
        }


def _numbers(given: str | None) -> set[int]:
    return {int(one) for one in (given or "").split(",") if is_whole(one)}
