"""Fields of forms that several features share."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange


class WholeNumber(IntegerField):
    """A number within bounds, with words of ours for what is none."""

    def __init__(self, label: str, least: int, most: int, **binding: Any) -> None:
        words = f"It is a number from {least:,} to {most:,}."
        super().__init__(
            label, [InputRequired("Write a number."), NumberRange(least, most, words)], **binding
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a whole number.") from None
