"""The form of a sheet, and what has to be right about all of it together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import HiddenField

from jobs.language import gettext as _
from webapp.courses.editing.leaves import DateLeaf, ShareLeaf
from webapp.courses.editing.sheet import Sheet
from webapp.courses.forms import EditForm

#: Says what is wrong: the key of a leaf, and a sentence.
Check = Callable[[Sheet, "SheetForm"], list[tuple[str, str]]]


class SheetForm(EditForm):
    """A form with a field for each leaf of a sheet; made by `form_of`."""

    #: The sheet's mark when the person began.
    mark = HiddenField()
    sheet: Sheet
    checks: tuple[Check, ...] = ()
    #: Whether somebody else has saved since the person began.
    is_late = False

    def validate(self, extra_validators: Any = None) -> bool:
        is_sound = bool(super().validate(extra_validators))
        self.is_late = bool(self.mark.data) and self.mark.data != self.sheet.mark
        if self.is_late:
            # The page says so, and shows what was typed; who saves it once more means it.
            self.mark.data = self.sheet.mark
            return False
        for check in (_ends_after_beginning, *self.checks):
            for key, sentence in check(self.sheet, self):
                self[key].errors = [*self[key].errors, sentence]
                is_sound = False
        return is_sound


def form_of(sheet: Sheet, *checks: Check, base: type[EditForm] = EditForm, **shown: Any) -> SheetForm:
    """The form of a sheet, with the fields of `base` before those of the leaves; `shown` is what those say."""
    fields = {one.key: one.field() for one in sheet.leaves}
    made = type("Form", (SheetForm, base), {**fields, "sheet": sheet, "checks": checks})
    form = made(data=sheet.shown | shown | {"mark": sheet.mark})
    assert isinstance(form, SheetForm)  # noqa: S101 - what `type` makes, mypy can't know
    for one in sheet.leaves:
        if isinstance(one, ShareLeaf):
            form[one.key].choices = one.choices
    return form


def _ends_after_beginning(sheet: Sheet, form: SheetForm) -> list[tuple[str, str]]:
    """What ends before it begins, as far as the person has touched it: an archive may hold what is odd."""
    dates = {one.of.leaf: one for one in sheet.leaves if isinstance(one, DateLeaf)}
    found = []
    for one in dates.values():
        first = dates.get(one.of.after)
        if first is None:
            continue
        at, begins = form[one.key].data, form[first.key].data
        if at and begins and at < begins and (at, begins) != (one.shown, first.shown):
            found.append((one.key, _("This is before “%(name)s”.", name=first.of.label)))
    return found
