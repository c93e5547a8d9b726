"""The languages that pages, messages and jobs speak.

What people read is written in English where it is used and passes through here, to be said in the language of the
one it is for. Which that is stands in a context variable: a request sets it to its reader's, a job to the language
of who asked for it, a message to its receiver's. Where nobody has set one, as at the command line, it is English.

Each language but English has its file of translations beside this module, `fr.po`; `make words` brings in what is new.
In every text a value is written `%(name)s` and a per cent sign `%%`.
"""

from __future__ import annotations

import gettext as files
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
#: All languages, each under its own name.
LANGUAGES = {ENGLISH: "English", "fr": "Français"}

_FOLDER = Path(__file__).parent
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def current_language() -> str:
    """What is spoken here and now: one of LANGUAGES."""
    return _spoken.get()


def current_locale() -> Locale:
    """How the language that is spoken writes dates and numbers."""
    return _locale(_spoken.get())


def known(language: str | None, otherwise: str = ENGLISH) -> str:
    """The language if there is one of that name, else the other one."""
    return language if language in LANGUAGES else otherwise


def speak(language: str) -> None:
    """Speak this language from here on: one of LANGUAGES."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language within the block: one of LANGUAGES."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def translations() -> files.NullTranslations:
    """The translations into the language that is spoken."""
    return _translations(_spoken.get())


def gettext(text: str, /, **values: object) -> str:
    """The text, or one that was declared for later, in the language that is spoken, with the values in their places."""
    return translations().gettext(str.__str__(text)) % values


def pgettext(context: str, text: str, /, **values: object) -> str:
    """The same for a text that means several things in English; the context says which is meant."""
    return translations().pgettext(context, text) % values


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The text that goes with the number, which stands in it as `%(num)s`."""
    return translations().ngettext(one, many, num) % {"num": number(num), **values}


def lazy_gettext(text: str, /, **values: object) -> str:
    """A text for later, as forms and declarations hold it: in the language that is spoken when it is written out."""
    return _Later(text, values)


def number(count: int) -> str:
    """A whole number with its thousands marked."""
    return f"{count:,}".replace(",", _thousands(_spoken.get()))


def decimal(figures: str) -> str:
    """Figures with a point between whole and part, "88.5", as the language writes them: "88,5"."""
    return figures.replace(".", str(current_locale().number_symbols["latn"]["decimal"]))


def percent(figures: object) -> str:
    """Figures as so many of a hundred: "62.5%", "62,5 %"."""
    return gettext("%(figures)s%%", figures=decimal(str(figures)))


class _Later(str):
    """As a string it is the English text; `str()`, a page, an f-string and another case give the translation."""

    values: dict[str, object]

    def __new__(cls, text: str, values: dict[str, object]) -> _Later:
        made = super().__new__(cls, text)
        made.values = values
        return made

    def __str__(self) -> str:
        return gettext(super().__str__(), **self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, values: object) -> str:
        return str(self) % values

    def lower(self) -> str:
        return str(self).lower()

    def capitalize(self) -> str:
        return str(self).capitalize()


@cache
def _translations(language: str) -> files.NullTranslations:
    if language == ENGLISH:
        return files.NullTranslations()
    compiled = BytesIO()
    with (_FOLDER / f"{language}.po").open("rb") as words:
        write_mo(compiled, read_po(words, locale=language))
    compiled.seek(0)
    return files.GNUTranslations(compiled)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _thousands(language: str) -> str:
    return str(_locale(language).number_symbols["latn"]["group"])
