"""Texts as they come from a form: pictures pasted into one become files of its area."""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass
from urllib.parse import quote

from webapp.content.edit import Edit
from webapp.content.files import FilePlace, add_file, store
from webapp.storage import Stored

FILE_PREFIX = "@@PLUGINFILE@@/"
_PASTED = re.compile(r"(?<=src=\")data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)(?=\")")


#: Moodle's HTML, and its plain text and Markdown, in which what is typed is what is kept.
HTML_FORMAT = 1
TYPED_FORMATS = (2, 4)


@dataclass(frozen=True)
class Picture:
    name: str
    stored: Stored


@dataclass(frozen=True)
class Draft:
    """A text whose pasted pictures are stored, but have no name in the course yet."""

    parts: list[str | Picture]

    def named(self, change: Edit, place: FilePlace, author: str) -> str:
        """The text, with its pictures as files of this area."""
        return "".join(
            part
            if isinstance(part, str)
            else FILE_PREFIX + quote(add_file(change, place, part.stored, part.name, author).filename)
            for part in self.parts
        )


def draft_of(html: str) -> Draft:
    """Store the pictures of a text, before the edit that it belongs to.

    What only claims to be a picture stays in the text, where nobody sees it (`webapp.html`).
    """
    parts: list[str | Picture] = []
    end = 0
    for found in _PASTED.finditer(html):
        try:
            content = base64.b64decode("".join(found[2].split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        suffix = "jpg" if found[1] == "jpeg" else found[1]
        parts += [html[end : found.start()], Picture(f"picture.{suffix}", store(io.BytesIO(content)))]
        end = found.end()
    return Draft([*parts, html[end:]])


def format_after(format: int | None) -> int:
    """The format of a text that somebody has changed here."""
    return format if format in TYPED_FORMATS else HTML_FORMAT
