"""The words in braces that a message fills in.

A grammar of our own, and no template engine, so there is nothing to break out of:
one pass of one regular expression puts the values in. What a value brings, braces or
tags, stays what it is: text.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from jobs.language import lazy_gettext as _l

#: Longer subjects are cut off by mail programs anyway.
LONGEST_SUBJECT = 200

_NAME = re.compile(r"\{([A-Za-z][A-Za-z0-9_]{0,39})\}")
_SPACES = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True)
class Placeholder:
    meaning: str
    example: str
    #: A value of one line stays one, whatever somebody called their course.
    many_lines: bool = False


#: The first seven are Moodle's, so that its messages can be taken over as they are.
PLACEHOLDERS: dict[str, Placeholder] = {
    "operation": Placeholder(_l("what was done: backup, restore, copy or import"), _l("backup")),
    "backupid": Placeholder(_l("the number of the job"), "41"),
    "user_username": Placeholder(_l("the sign-in name of the person who gets the message"), "r.adeyemi"),
    "user_email": Placeholder(_l("their mail address"), "ruth@larkmere.example"),
    "user_firstname": Placeholder(_l("their first name"), "Ruth"),
    "user_lastname": Placeholder(_l("their last name"), "Adeyemi"),
    "link": Placeholder(_l("the address that leads to it"), "https://courses.larkmere.example/courses/9/backups"),
    "course_fullname": Placeholder(_l("the course’s full name"), _l("Tides and Coasts, Year 9")),
    "course_shortname": Placeholder(_l("the course’s short name"), "GEO 9"),
    "activity_name": Placeholder(_l("the activity’s name, if it was about one"), _l("Read a tide table")),
    "file_name": Placeholder(_l("the name of the backup file"), "backup-moodle2-course-9-geo_9-20261124.mbz"),
    "file_size": Placeholder(_l("its size"), _l("664 MB")),
    "duration": Placeholder(_l("how long it took"), _l("11 minutes")),
    "problem": Placeholder(_l("why it did not finish"), _l("The school’s disk is full. Nothing was changed."), True),
    "warnings": Placeholder(
        _l("what went wrong on the way, one to a line"), _l("The file “chart.png” is damaged and was left out."), True
    ),
    "report": Placeholder(
        _l("how a round of automatic backups went, one thing to a line"),
        _l("12 courses backed up, 1 failed.\nFailed:\n– Tides and Coasts, Year 9: The school’s disk is full."), True
    ),
    "site_name": Placeholder(_l("the school’s name"), "Larkmere School"),
    "finished_at": Placeholder(_l("when it ended"), _l("Tue 24 Nov, 10:53")),
}  # fmt: skip


def names_in(text: str) -> list[str]:
    """All that is written as a placeholder, known or not, each once, in order."""
    return list(dict.fromkeys(_NAME.findall(text)))


def unknown(text: str) -> list[tuple[int, str, str]]:
    """The placeholders that do not exist: line (from 1), name, and the nearest one that does."""
    return [
        (number, name, _nearest(name))
        for number, line in enumerate(_unix(text).split("\n"), start=1)
        for name in names_in(line)
        if name not in PLACEHOLDERS
    ]


def _nearest(name: str) -> str:
    return difflib.get_close_matches(name.lower(), PLACEHOLDERS, n=1, cutoff=0.0)[0]


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, as plain text; a name that is not known stays as it stands."""

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        return _tidy(name, values.get(name, "")) if name in PLACEHOLDERS else found[0]

    return _NAME.sub(value_of, _unix(text)).strip()


def fill_html(text: str, values: Mapping[str, str], *, mark_unknown: bool = False) -> Markup:
    """Put the values in, as HTML of our own making: paragraphs, line breaks and the one link.

    `mark_unknown` is for previews: it shows which names would not be filled in.
    """

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        if name not in PLACEHOLDERS:
            return f'<mark class="bad">{found[0]}</mark>' if mark_unknown else found[0]
        value = str(escape(_tidy(name, values.get(name, ""))))
        if name == "link" and value.startswith(("http://", "https://")):
            return f'<a href="{value}">{value}</a>'
        return value.replace("\n", "<br>\n")

    paragraphs = _BLANK_LINES.split(_unix(text).strip())
    filled = (_NAME.sub(value_of, str(escape(part)).replace("\n", "<br>\n")) for part in paragraphs)
    return Markup("\n").join(Markup(f"<p>{part}</p>") for part in filled)  # noqa: S704 all of it escaped above


def fill_subject(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, and make one line of it that is safe as a header."""
    filled = one_line(fill_text(text, values))
    return filled if len(filled) <= LONGEST_SUBJECT else filled[: LONGEST_SUBJECT - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """The text without line breaks and control characters of any script. Spaces that hold words together stay."""
    return _SPACES.sub(" ", "".join(" " if _is_control(char) else char for char in text)).strip()


def _tidy(name: str, value: str) -> str:
    if not PLACEHOLDERS[name].many_lines:
        return one_line(value)
    return "\n".join(line for line in map(one_line, _unix(value).split("\n")) if line)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_control(char: str) -> bool:
    # Cc: controls; Cs: lone surrogates; Zl, Zp: U+2028 and U+2029.
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
