"""Leaves of the archive in words: what one is called, and what its text means to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from jobs.archive.ids.person_names import names_person
from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.pages.formatters import moment

_LABELS = {
    "timecreated": _l("Made"),
    "timemodified": _l("Changed"),
    "timeopen": _l("Opens"),
    "timeclose": _l("Closes"),
    "timestart": _l("Begins"),
    "timeend": _l("Ends"),
    "timefinish": _l("Finished"),
    "timelimit": _l("Time limit, seconds"),
    "duedate": _l("Due"),
    "cutoffdate": _l("Last day"),
    "allowsubmissionsfromdate": _l("Open from"),
    "gradingduedate": _l("Graded by"),
    "userid": _l("Person"),
    "usermodified": _l("Changed by"),
    "groupid": _l("Group"),
    "pagenum": _l("Page number"),
    "maxbytes": _l("Largest file, bytes"),
    "sortorder": _l("Place"),
    "chaptertags": _l("Tags"),
    "poststags": _l("Tags"),
    "entriestags": _l("Tags"),
    "recordstags": _l("Tags"),
    "pagestags": _l("Tags"),
    "question_instances": _l("Questions"),
    "plugin_configs": _l("Parts"),
    "comments": _l("Comments"),
    "completion": _l("Completion"),
    "content": _l("Content"),
    "filters": _l("Filters"),
    "roles": _l("Roles"),
    "username": _l("User name"),
    "idnumber": _l("Number in other systems"),
    "firstname": _l("First name"),
    "lastname": _l("Last name"),
    "middlename": _l("Middle name"),
    "firstnamephonetic": _l("First name as it is spoken"),
    "lastnamephonetic": _l("Last name as it is spoken"),
    "alternatename": _l("Other name"),
    "email": _l("Mail address"),
    "phone1": _l("Telephone"),
    "phone2": _l("Second telephone"),
    "institution": _l("Institution"),
    "department": _l("Department"),
    "address": _l("Address"),
    "city": _l("City"),
    "country": _l("Country"),
    "lang": _l("Language"),
    "timezone": _l("Time zone"),
    "description": _l("Description"),
}
#: Moodle writes these words together with the next one.
_BEGINNING = re.compile(
    r"^(allow|completion|display|enable|force|grade|include|max|min|over(?!rid)|require|review|show|time|use(?!r))(?=[a-z]{4})"
)
_BY = re.compile(r"(?<=[a-z])by(user)?$")
#: Leaves that say how another leaf is written, or repeat what stands elsewhere.
_SILENT = re.compile(
    r"\w*format|\w*trust|course|revision|displayoptions|legacyfiles\w*|tobemigrated|uniqueid"
)
_SECRET = re.compile(
    r"\w*(password|passkey|secret|resourcekey|moderatorpass|viewerpass|customparameters|salt)\w*"
)
#: Addresses of external tools: what stands after “?” or before “@” may be a key.
_TOOL_ADDRESS = re.compile(r"(secure)?toolurl|baseurl|\w*(launch|service)url")
_DATE = re.compile(
    r"time\w*|\w*(date|time|from|until|timestamp|access|created|modified|seen|available|deadline|start|finish)"
)
#: What an element may be called by.
TITLES = ("title", "name", "subject", "concept", "heading", "question", "rawname", "shortname", "text")
#: Longer texts that are no HTML are cut.
LONGEST = 600
_EARLIEST, _LATEST = 10**8, 10**11


@dataclass(frozen=True)
class Fact:
    """One leaf as it is shown."""

    label: str
    text: str
    kind: Literal["text", "person", "moment"] = "text"


def label_of(name: str) -> str:
    """A leaf's or element's name as people would say it."""
    known = _LABELS.get(name)
    if known:
        return str(known)
    words = _BEGINNING.sub(r"\1 ", name).removesuffix("id").replace("_", " ").strip() or name
    if names_person(name):
        words = _BY.sub(" by", words)
    return words[:1].upper() + words[1:]


def is_silent(name: str, text: str) -> bool:
    """Whether a leaf says nothing to a person: how another one is written, or a number of something."""
    return _SILENT.fullmatch(name) is not None or (name.endswith("id") and text.lstrip("-").isdigit())


def is_wrapping(name: str) -> bool:
    """Whether an element only says which plugin what is in it belongs to."""
    return name.startswith(("plugin_", "subplugin_")) and name != "plugin_configs"


def is_secret(name: str) -> bool:
    return _SECRET.fullmatch(name) is not None


def plain_fact(name: str, text: str, *, is_hidden: bool = False) -> Fact:
    """A leaf that is no HTML and no person: a moment where it is one, a password never."""
    if is_hidden or is_secret(name):
        return Fact(label_of(name), _("set; not shown here"))
    if _TOOL_ADDRESS.fullmatch(name):
        text = bare_address(text)
    if _DATE.fullmatch(name) and text.isascii() and text.isdigit() and _EARLIEST <= int(text[:15]) < _LATEST:
        return Fact(label_of(name), moment(int(text)), "moment")
    if len(text) > LONGEST:
        return Fact(label_of(name), _cut(text))
    return Fact(label_of(name), text)


def _cut(text: str) -> str:
    return ngettext(
        "%(beginning)s… (%(num)s letter in all)",
        "%(beginning)s… (%(num)s letters in all)",
        len(text),
        beginning=text[:LONGEST],
    )


def bare_address(address: str) -> str:
    """An address as far as it says where, without what may be a key; empty if it is none."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}" if parts.hostname else ""


def looks_like_html(text: str) -> bool:
    return (
        re.search(r"</?(?:p|div|br|span|img|a|ul|ol|li|table|h[1-6]|strong|em|b|i)\b[^>]*>", text) is not None
    )
