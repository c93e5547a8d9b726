"""What people leave out of a backup or a restore: single sections and activities, and kinds of things."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from wtforms import Form, HiddenField, SelectMultipleField
from wtforms.validators import ValidationError

from jobs.archive.ids.numbers import is_whole
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.backups.choosing import LeftOut, packed, unpacked
from webapp.job_requests.inclusion import Included
from webapp.site_settings.declared import CONTENT

#: The longest list of what is left out that fits into an address.
LONGEST_ADDRESS = 6000


class TreeFields(Form):
    """The sections and activities that are ticked in a tree of them."""

    sections = SelectMultipleField(coerce=int, validate_choice=False)
    activities = SelectMultipleField(coerce=int, validate_choice=False)
    #: What the page offered. What has come into a course since was not left out by anybody.
    offered_sections = HiddenField()
    offered_activities = HiddenField()
    #: What was left out in a step before, as `choosing.packed` has it.
    out = HiddenField()

    @property
    def left_out(self) -> LeftOut:
        """The ids of the sections and activities that stay out. Raises ValueError if these can't be read."""
        if self.out.data:
            return unpacked(self.out.data)
        chosen = {"sections": self.sections.data or (), "activities": self.activities.data or ()}
        return {kind: sorted(ids - set(chosen[kind])) for kind, ids in self._offered().items()}

    def is_chosen(self, moodle_id: int, *, section: bool = False) -> bool:
        """Whether a section or an activity is ticked."""
        return moodle_id not in self._unticked["sections" if section else "activities"]

    @cached_property
    def _unticked(self) -> dict[str, set[int]]:
        return {kind: set(ids) for kind, ids in self.left_out.items()}

    def pick(self, which: str) -> str:
        """What is left out when "all" or "none" of what the page offered is ticked, as `out` has it."""
        sections = sorted(self._offered()["sections"])  # what is in them goes with them
        return "" if which == "all" else packed({"sections": sections, "activities": []})

    def check_length(self) -> None:
        """Raise ValidationError if what is left out does not fit into an address."""
        if len(packed(self.left_out)) > LONGEST_ADDRESS:
            raise ValidationError(
                _("These are too many single things to leave out. Leave out whole sections.")
            )

    def _offered(self) -> dict[str, set[int]]:
        offered = {"sections": self.offered_sections.data, "activities": self.offered_activities.data}
        return {
            kind: {int(one) for one in (ids or "").split(",") if is_whole(one)}
            for kind, ids in offered.items()
        }


class KindFields(Form):
    """What else goes in or comes, by its kind; `content_asked` is sent where the kinds were there to tick."""

    content = SelectMultipleField(_l("What else goes in"), validate_choice=False)
    content_asked = HiddenField()
    #: The kinds that were left out in a step before.
    without = HiddenField()

    #: The kinds that are asked about.
    kinds: Mapping[str, Any] = CONTENT

    def settle_kinds(self, included: Included) -> None:
        """Tick the kinds that were before, or that admins have chosen beforehand; and keep to what they have locked."""
        #: What is locked is not sent by the page, and counts whatever was sent.
        self.locked_kinds = included.locked_kinds
        if not self.content_asked.data:
            before = self.without.data
            left = (
                CONTENT.keys() - set(included.chosen["content"]) if before is None else set(before.split("."))
            )
            self.content.data = [kind for kind in CONTENT if kind not in left]
        self.content.data = included.obey({"content": self.content.data})["content"]

    @property
    def packed_kinds(self) -> str:
        """The kinds that are left out, for the address of the next step."""
        return ".".join(kind for kind in CONTENT if kind not in (self.content.data or ()))
