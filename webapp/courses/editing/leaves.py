"""Leaves of an element as fields of a form: what one shows, and what is kept of what comes back.

What nobody has touched stays as it is kept, byte for byte, however a browser sends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import wtforms
from markupsafe import Markup
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from jobs.language import gettext as _, ngettext
from webapp.content.drafts import draft_of, format_after
from webapp.content.elements import Change, Pictured
from webapp.content.files import FilePlace
from webapp.content.presentation import options_in, problem_of_option, with_options
from webapp.courses.editing.fractions import choice_of, choices, shared
from webapp.courses.editing.things import Field, Kind
from webapp.courses.editor import EditorText
from webapp.pages.fields import EMPTY, stripped

_NUMERAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
#: As browsers write a moment; the first is what we write.
_DATES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


@dataclass(frozen=True)
class Leaf:
    """A line of text, and what all leaves have."""

    #: The way from the thing's element to the leaf.
    path: str
    #: What it holds; None is the archive's null.
    text: str | None
    of: Field
    #: What it belongs to, for those who hear the label alone: "Answer 2".
    around: str = ""

    @property
    def is_html(self) -> bool:
        return False

    @property
    def key(self) -> str:
        """The name of the form's field."""
        return "_".join(re.findall(r"\w+", self.path))

    @property
    def label(self) -> str | Markup:
        if not self.around:
            return str(self.of.label)
        return Markup('{}<span class="vh">, {}</span>').format(self.of.label, self.around)

    @property
    def shown(self) -> Any:
        return self.text or ""

    def field(self) -> wtforms.Field:
        # What came in as it should not be may stay so.
        rules = [DataRequired(EMPTY)] if self.of.needed and self.shown else []
        longest = Length(
            max=max(self.of.longest, len(self.shown)),
            message=ngettext(
                "No more than %(num)s letter.", "No more than %(num)s letters.", self.of.longest
            ),
        )
        return StringField(self.label, [*rules, longest], filters=[stripped])

    def change(self, typed: Any) -> Change | None:
        """What has to change; None where the person has left it as it was."""
        after = self.kept(typed)
        return None if after == (self.text or "") else Change(self.path, self.text, after)

    def kept(self, typed: Any) -> str:
        typed = typed or ""
        # A browser sends a line without its line ends, and the form drops the blanks around it.
        return self.text or "" if typed.split() == (self.text or "").split() else typed


class DateLeaf(Leaf):
    """A moment in seconds; 0 is none."""

    @property
    def shown(self) -> datetime | None:
        return moment_of(self.text)

    def field(self) -> wtforms.Field:
        return DateTimeLocalField(self.label, [Optional(), _is_near], format=_DATES)

    def kept(self, typed: datetime | None) -> str:
        if typed == self.shown:
            return self.text or ""
        return str(int(typed.timestamp())) if typed else "0"


class NumberLeaf(Leaf):
    @property
    def shown(self) -> int | None:
        text = self.text or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def field(self) -> wtforms.Field:
        return IntegerField(self.label, [Optional(), NumberRange(0, 10**9, _("A number from 0 on."))])

    def kept(self, typed: int | None) -> str:
        return self.text or "" if typed == self.shown else str(typed or 0)


class NumeralLeaf(Leaf):
    """The answer of a question that asks for a number, or "*" for every other answer."""

    def field(self) -> wtforms.Field:
        return StringField(self.label, [DataRequired(EMPTY), _is_numeral], filters=[stripped, _with_point])


class ToleranceLeaf(Leaf):
    """How far from an answer one may be, and still be right."""

    def field(self) -> wtforms.Field:
        return StringField(
            self.label,
            [DataRequired(EMPTY), _is_tolerance],
            filters=[stripped, _with_point],
            render_kw={"inputmode": "decimal"},
        )


class OptionsLeaf(Leaf):
    """The options of a feedback's question, a line each. Answers are kept as their numbers: so none may go."""

    @property
    def shown(self) -> str:
        return "\n".join(options_in(self.text or ""))

    def field(self) -> wtforms.Field:
        return TextAreaField(self.label, [self._keeps_all])

    def kept(self, typed: str | None) -> str:
        return with_options(self.text or "", _lines_of(typed))

    def _keeps_all(self, _form: object, field: Any) -> None:
        lines, before = _lines_of(field.data), options_in(self.text or "")
        if len(lines) < len(before):
            raise ValidationError(
                ngettext(
                    "There is %(num)s option, and answers are counted by their place: keep a line for each."
                    " More can come at the end.",
                    "There are %(num)s options, and answers are counted by their place: keep a line for each."
                    " More can come at the end.",
                    len(before),
                )
            )
        if problem := next(filter(None, (problem_of_option(self.text or "", line) for line in lines)), ""):
            raise ValidationError(problem)


class ShareLeaf(Leaf):
    """What an answer counts, as one of the shares that Moodle knows, or the one that it has."""

    @property
    def shown(self) -> str:
        return choice_of(self.text or "")

    @property
    def share(self) -> float:
        return shared(self.text or "")

    def field(self) -> wtforms.Field:
        return SelectField(self.label)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return choices(self.of.kind, self.shown)

    def kept(self, typed: str | None) -> str:
        return self.text or "" if typed == self.shown else typed or ""


@dataclass(frozen=True, kw_only=True)
class HtmlLeaf(Leaf):
    """A text with layout and pictures, in the editor."""

    editor: EditorText
    #: Where its pictures lie; None: in the text itself.
    files: FilePlace | None = None
    format_leaf: str = ""

    @property
    def is_html(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        return self.editor.shown

    def field(self) -> wtforms.Field:
        return TextAreaField(self.label)

    def change(self, typed: str | None) -> Change | None:
        after = self.editor.kept(typed)
        if after == (self.text or ""):
            return None
        kept = Pictured(draft_of(after), self.files) if self.files else after
        return Change(self.path, self.text, kept, self.format_leaf, format_after(self.editor.format))


#: All kinds but HTML, which needs to know where its pictures lie.
PLAIN: dict[Kind, type[Leaf]] = {
    Kind.LINE: Leaf,
    Kind.DATE: DateLeaf,
    Kind.NUMBER: NumberLeaf,
    Kind.NUMERAL: NumeralLeaf,
    Kind.TOLERANCE: ToleranceLeaf,
    Kind.OPTIONS: OptionsLeaf,
    Kind.SHARE: ShareLeaf,
    Kind.GAIN: ShareLeaf,
    Kind.RIGHT: ShareLeaf,
}


def _lines_of(typed: str | None) -> list[str]:
    lines = (line.strip() for line in (typed or "").splitlines())
    return [line for line in lines if line]


def _with_point(typed: str | None) -> str | None:
    """A number as it is kept, where somebody has typed it with a comma."""
    return typed.replace(",", ".") if typed and typed.count(",") == 1 and "." not in typed else typed


def _is_numeral(_form: object, field: Any) -> None:
    if field.data != "*" and not _NUMERAL.fullmatch(field.data or ""):
        raise ValidationError(_("This is no number. Write one like 6.2, or * for every other answer."))


def _is_tolerance(_form: object, field: Any) -> None:
    if not _NUMERAL.fullmatch(field.data or "") or float(field.data) < 0:
        raise ValidationError(_("Write how far off an answer may be, like 0.5; 0 if it has to be exact."))


def moment_of(text: str | None) -> datetime | None:
    """The moment that a leaf holds, to the minute and by the clock of this site, as pages say it."""
    seconds = int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
    return datetime.fromtimestamp(seconds).replace(second=0) if seconds else None


def _is_near(_form: object, field: Any) -> None:
    if field.data and not 1980 <= field.data.year < 2200:
        raise ValidationError(_("This is no date of a course: the year is too far away."))
