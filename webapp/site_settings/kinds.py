"""What a setting can be: how its value is read from what somebody typed, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from jobs.language import gettext as _, lazy_gettext as _l, number

_ON = frozenset(("on", "yes", "true", "1"))
_OFF = frozenset(("off", "no", "false", "0"))


class Kind(Protocol):
    """Reads and says the values of a setting. `shape` is how a page asks for one."""

    shape: ClassVar[str]

    def read(self, typed: str) -> Any:
        """The value that somebody typed. Raises ValueError with a sentence for them."""

    def typed(self, value: Any) -> str:
        """What one types to get the value."""

    def in_words(self, value: Any) -> str:
        """The value as people read it."""

    @property
    def limits(self) -> str:
        """Which values there are, in a few words."""


@dataclass(frozen=True)
class Switch:
    """On or off, with what each of the two means."""

    on: str
    off: str
    shape: ClassVar[str] = "choice"
    limits: ClassVar[str] = _l("on or off")

    @property
    def options(self) -> dict[str, tuple[str, str]]:
        return {"on": (_("On"), self.on), "off": (_("Off"), self.off)}

    def read(self, typed: str) -> bool:
        word = typed.strip().lower()
        if word not in _ON | _OFF:
            raise ValueError(_("Choose on or off."))
        return word in _ON

    def typed(self, value: Any) -> str:
        return "on" if value else "off"

    def in_words(self, value: Any) -> str:
        return _("On") if value else _("Off")


@dataclass(frozen=True)
class Lock(Switch):
    """On or off, as one box to tick: what a page does not send is off."""

    on: str = _l("Nobody may choose otherwise.")
    off: str = _l("Everybody may choose otherwise.")
    shape: ClassVar[str] = "box"

    def read(self, typed: str) -> bool:
        return super().read(typed or "off")


@dataclass(frozen=True)
class Number:
    """A whole number within bounds, of some unit; `nought` says what 0 means where it means something else."""

    least: int
    most: int
    #: One and many of it.
    unit: tuple[str, str]
    nought: str = ""
    shape: ClassVar[str] = "number"

    def read(self, typed: str) -> int:
        if not typed.strip():
            raise ValueError(_("Write a number."))
        try:
            count = int(typed.strip())
        except ValueError:
            raise ValueError(_("Write a whole number.")) from None
        if not self.least <= count <= self.most:
            raise ValueError(_("It is a number from %(limits)s.", limits=self.limits))
        return count

    def typed(self, value: Any) -> str:
        return str(value)

    def in_words(self, value: Any) -> str:
        if value == 0 and self.nought:
            return str(self.nought)
        return f"{number(value)} {self.unit[0] if value == 1 else self.unit[1]}"

    @property
    def limits(self) -> str:
        return _("%(least)s to %(most)s", least=number(self.least), most=number(self.most))


@dataclass(frozen=True)
class Line:
    """A line of text that is not empty."""

    most: int
    #: What is said of an empty one, and of one with more letters.
    empty: str
    long: str
    shape: ClassVar[str] = "line"

    def read(self, typed: str) -> str:
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())
        if not line:
            raise ValueError(str(self.empty))
        if len(line) > self.most:
            raise ValueError(str(self.long))
        return line

    def typed(self, value: Any) -> str:
        return str(value)

    def in_words(self, value: Any) -> str:
        return str(value)

    @property
    def limits(self) -> str:
        return _("1 to %(most)s letters", most=self.most)


@dataclass(frozen=True)
class Choice:
    """One of some words; each with what it is called and what it means."""

    options: Mapping[str, tuple[str, str]]
    shape: ClassVar[str] = "choice"

    def read(self, typed: str) -> str:
        word = typed.strip()
        if word not in self.options:
            raise ValueError(_("Choose one of these: %(words)s.", words=", ".join(self.options)))
        return word

    def typed(self, value: Any) -> str:
        return str(value)

    def in_words(self, value: Any) -> str:
        return str(self.options[value][0] if value in self.options else value)

    @property
    def limits(self) -> str:
        return ", ".join(self.options)


@dataclass(frozen=True)
class Colours(Choice):
    """One of the colours of the palette."""

    shape: ClassVar[str] = "colour"


@dataclass(frozen=True)
class Several:
    """Any of some words; each with what it is called and what it is. Kept as a list in their order."""

    options: Mapping[str, tuple[str, str]]
    shape: ClassVar[str] = "several"

    def read(self, typed: str) -> list[str]:
        words = {word.strip() for word in typed.split(",")} - {""}
        if unknown := sorted(words - self.options.keys()):
            raise ValueError(
                _(
                    "There is no %(word)s among these: %(words)s.",
                    word=unknown[0],
                    words=", ".join(self.options),
                )
            )
        return [one for one in self.options if one in words]

    def typed(self, value: Any) -> str:
        return ",".join(value)

    def in_words(self, value: Any) -> str:
        if len(value) in (0, len(self.options)):
            return _("all") if value else _("none")
        return ", ".join(str(self.options[one][0]) for one in value if one in self.options)

    @property
    def limits(self) -> str:
        return ", ".join(self.options)


@dataclass(frozen=True)
class Elsewhere:
    """Something with a page of its own, which can't be typed."""

    #: Where it is changed.
    place: str
    shape: ClassVar[str] = "elsewhere"

    def read(self, typed: str) -> Any:
        raise ValueError(_("This is changed in the browser, under %(place)s.", place=self.place))

    def typed(self, value: Any) -> str:
        return ""

    def in_words(self, value: Any) -> str:
        return _("changed") if value else _("as it came")

    @property
    def limits(self) -> str:
        return _("see %(place)s", place=self.place)


@dataclass(frozen=True)
class Picture(Elsewhere):
    """A picture that is uploaded: its type, bytes and the mark that it is found by; nothing where there is none."""

    shape: ClassVar[str] = "picture"

    def in_words(self, value: Any) -> str:
        return (
            _(
                "%(type)s, %(size)s bytes",
                type=value["type"].partition("/")[2].upper(),
                size=number(value["size"]),
            )
            if value
            else _("none")
        )

    @property
    def limits(self) -> str:
        return _("PNG, JPEG, GIF or WebP")
