"""What people choose for a backup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from jobs.language import gettext as _, lazy_gettext as _l
from jobs.steps.selecting.optional import ACTIVITIES
from webapp.backups.choosing import packed
from webapp.backups.leaving_out import KindFields, TreeFields
from webapp.backups.naming import NamingFields
from webapp.extensions import db
from webapp.job_requests.inclusion import PEOPLE, backup_options, for_backup
from webapp.site_settings.declared import CONTENT


class PartBackupForm(FlaskForm, NamingFields, KindFields):  # type: ignore[misc]
    people = RadioField(_l("People"), choices=dict.fromkeys(PEOPLE, ""), validate_choice=False)
    files = BooleanField(_l("Files"))
    container = SelectField(
        _l("How it is packed"),
        choices={"tgz": _l("As Moodle packs its own"), "zip": _l("As a zip, which any computer opens")},
    )

    #: The kinds that are asked about: who wants a part wants the activities in it.
    kinds: Mapping[str, Any] = {kind: words for kind, words in CONTENT.items() if kind != ACTIVITIES}

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if self.is_submitted() and not self.people.raw_data:
            self.people.data = "no"  # nobody goes along who was not asked for
        included = for_backup(db.session())
        #: What admins have locked. It is not sent by the page, and counts whatever was sent.
        self.locked = included.locked
        for name in self.locked:
            self[name].data, self[name].render_kw = included.chosen[name], {"disabled": True}
        self.settle_kinds(included)

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        chosen = {name: self[name].data for name in ("people", "files", "container")}
        not_asked = [kind for kind in CONTENT if kind not in self.kinds]
        return backup_options(chosen | {"content": [*(self.content.data or ()), *not_asked]}) | self.named()


class NewBackupForm(PartBackupForm, TreeFields):
    kinds: Mapping[str, Any] = CONTENT

    def validate_sections(self, field: SelectMultipleField) -> None:
        if not field.data and not self.out.raw_data:
            raise ValidationError(_("Choose at least one section. A backup of nothing brings nothing back."))
        self.check_length()

    def options(self) -> dict[str, Any]:
        """What was chosen, as the job wants it."""
        return super().options() | {"leave_out": self.left_out}

    def chosen(self) -> dict[str, str]:
        """What was chosen, for the address of the next step."""
        return {
            "people": self.people.data or "no",
            "files": "y" if self.files.data else "",
            "container": self.container.data,
            "without": self.packed_kinds,
            "out": packed(self.left_out),
            "archive_name": self.archive_name.data or "",
            "note": self.note.data or "",
        }
