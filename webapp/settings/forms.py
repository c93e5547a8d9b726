"""A form for one group of settings, made of what is declared about them."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field

from webapp.site_settings import Declared, Group


class DeclaredField(Field):
    """Asks for one setting, and reads what was typed as its kind does."""

    def __init__(self, declared: Declared, **binding: Any) -> None:
        super().__init__(declared.label, **binding)
        self.declared = declared

    def process_formdata(self, valuelist: list[Any]) -> None:
        given = valuelist if self.declared.kind.shape == "several" else valuelist[:1]
        self.data = self.declared.kind.read(",".join(given))

    @property
    def typed(self) -> str:
        """What stands in the field: what was typed, right or wrong, or else the value."""
        if self.raw_data:
            return ",".join(self.raw_data) if self.declared.kind.shape == "several" else str(self.raw_data[0])
        return self.declared.kind.typed(self.data)


class GroupForm(FlaskForm):  # type: ignore[misc]
    """The fields are named as the settings."""

    def chosen(self) -> dict[str, Any]:
        """The settings as they are kept."""
        return {field.name: field.data for field in self if isinstance(field, DeclaredField)}


def form_of(group: Group, values: dict[str, Any], *, unsent: bool = False) -> GroupForm:
    """The form for a group, filled with the values in force; `unsent`: whatever was sent is for another form."""
    typed = [one for one in group.everything if one.is_typed]
    fields = {one.name: DeclaredField(one) for one in typed}
    form: GroupForm = type("GroupForm", (GroupForm,), fields)(
        data=values, **({"formdata": None} if unsent else {})
    )
    return form
