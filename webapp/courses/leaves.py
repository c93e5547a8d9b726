"""Leaves of the archive in words: what one is called, and what its text means to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from webapp.formatters import counted, moment

_LABELS = {
    "timecreated": "Made",
    "timemodified": "Changed",
    "timeopen": "Opens",
    "timeclose": "Closes",
    "timestart": "Begins",
    "timeend": "Ends",
    "timefinish": "Finished",
    "timelimit": "Time limit, seconds",
    "duedate": "Due",
    "cutoffdate": "Last day",
    "allowsubmissionsfromdate": "Open from",
    "gradingduedate": "Graded by",
    "userid": "Person",
    "usermodified": "Changed by",
    "groupid": "Group",
    "pagenum": "Page number",
    "maxbytes": "Largest file, bytes",
    "sortorder": "Place",
}
#: Leaves that say how another leaf is written, or repeat what stands elsewhere.
_SILENT = re.compile(
    r"\w*format|\w*trust|course|revision|displayoptions|legacyfiles\w*|tobemigrated|uniqueid"
)
_SECRET = re.compile(r"\w*(password|passkey|secret|resourcekey|moderatorpass|viewerpass)\w*")
_DATE = re.compile(
    r"time\w*|\w*(date|time|from|until|timestamp|access|created|modified|seen|available|deadline|start|finish)"
)
#: What an element may be called by.
TITLES = ("title", "name", "subject", "concept", "heading", "question", "rawname", "shortname")
#: Longer texts that are no HTML are cut.
LONGEST = 600
_EARLIEST, _LATEST = 10**8, 10**11


@dataclass(frozen=True)
class Fact:
    """One leaf as it is shown."""

    label: str
    text: str
    kind: Literal["text", "person"] = "text"


def label_of(name: str) -> str:
    """A leaf's or element's name as people would say it."""
    known = _LABELS.get(name)
    if known:
        return known
    words = re.sub(r"^(?:time|num)(?=[a-z]{3})", "", name).replace("_", " ")
    return words[:1].upper() + words[1:]


def is_silent(name: str) -> bool:
    return _SILENT.fullmatch(name) is not None


def plain_fact(name: str, text: str) -> Fact:
    """A leaf that is no HTML and no person: a moment where it is one, a password never."""
    if _SECRET.fullmatch(name):
        return Fact(label_of(name), "set; not shown here")
    if _DATE.fullmatch(name) and text.isascii() and text.isdigit() and _EARLIEST <= int(text[:15]) < _LATEST:
        return Fact(label_of(name), moment(int(text)))
    if len(text) > LONGEST:
        return Fact(label_of(name), f"{text[:LONGEST]}… ({counted(len(text), 'letter')} in all)")
    return Fact(label_of(name), text)


def looks_like_html(text: str) -> bool:
    return (
        re.search(r"</?(?:p|div|br|span|img|a|ul|ol|li|table|h[1-6]|strong|em|b|i)\b[^>]*>", text) is not None
    )
