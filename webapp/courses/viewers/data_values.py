"""What a person filled into one field of a database, by the field's type.

Moodle 4.5 mod/data/field/*/field.class.php: several choices are parted by "##"; a date is in seconds; a link has
its words in `content1`, a text area its format, a picture its description; a place is two numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree
from markupsafe import Markup

from webapp.courses.content_forms import is_safe_address
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import id_of, leaf, shown, whole
from webapp.models import CourseFile
from webapp.pages.formatters import day

# The years 69 to 5138: what is beyond is no date that somebody chose.
_EARLIEST, _LATEST = -6 * 10**10, 10**11
NOTHING = Markup("")


@dataclass(frozen=True)
class Value:
    """A field as it was filled in: words, a text, a link or files."""

    label: str
    words: str = ""
    text: Markup = NOTHING
    link: str = ""
    files: list[CourseFile] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.text or self.link or self.files)


def value_of(
    source: Source, type: str, label: str, content: etree._Element, files: list[CourseFile]
) -> Value:
    read = _READERS.get(type)
    if read is not None:
        return Value(label, read(content))
    if type == "textarea":
        text = source.html(content, "content", "mod_data", "content", id_of(content), format="content1")
        return Value(label, text=text)
    if type == "url":
        return _link(label, content)
    if type in ("file", "picture"):
        return _file(source, type, label, content, files)
    return Value(label, leaf(content, "content"))


def _link(label: str, content: etree._Element) -> Value:
    address = leaf(content, "content")
    safe = address if is_safe_address(address) else ""
    return Value(label, leaf(content, "content1") or address, link=safe)


def _file(source: Source, type: str, label: str, content: etree._Element, files: list[CourseFile]) -> Value:
    name = leaf(content, "content")
    # Beside a picture lies a small one that Moodle made of it.
    own = [row for row in files if row.filename == name] or files
    if type == "file" or not own:
        return Value(label, "" if own else name, files=own)
    picture = Markup('<img src="@@PLUGINFILE@@/{}" alt="{}">').format(quote(name), leaf(content, "content1"))
    return Value(label, text=source.text(picture, 1, ("mod_data", "content", id_of(content))), files=own)


def _several(content: etree._Element) -> str:
    return ", ".join(part for part in leaf(content, "content").split("##") if part)


def _date(content: etree._Element) -> str:
    text = leaf(content, "content")
    at = whole(text)
    is_date = (at or text == "0") and _EARLIEST < at < _LATEST
    return day(datetime.fromtimestamp(at, UTC)) if is_date else text


def _place(content: etree._Element) -> str:
    return ", ".join(filter(None, (leaf(content, "content"), leaf(content, "content1"))))


def _number(content: etree._Element) -> str:
    return shown(leaf(content, "content"))


_READERS: dict[str, Callable[[etree._Element], str]] = {
    "checkbox": _several,
    "multimenu": _several,
    "date": _date,
    "latlong": _place,
    "number": _number,
}
