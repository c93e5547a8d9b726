"""Writes moodle_backup.xml in the shape that Moodle recognises: mbz-format, prolog, root, information."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from xml.sax.saxutils import escape

from jobs.archive.manifest.model import ActivityEntry, Manifest, SectionEntry, Setting

# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writable(Protocol):
    def write(self, content: bytes, /) -> object: ...


def write_manifest(manifest: Manifest, out: Writable) -> None:
    """Write a manifest; leaves that the dialect did not have (None) are left out."""
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<moodle_backup>\n')
    for line in _information(manifest):
        out.write(f"  {line}\n".encode())
    out.write(b"</moodle_backup>")


def _information(manifest: Manifest) -> Iterator[str]:
    yield "<information>"
    yield from _indented(_leaves(manifest.information))
    detail = _element(
        f'detail backup_id="{_text(manifest.backup_id, quoted=True)}"', _leaves(manifest.details)
    )
    yield from _indented(_element("details", detail))
    yield from _indented(_element("contents", _contents(manifest)))
    settings = (line for one in manifest.settings for line in _element("setting", _leaves(_setting(one))))
    yield from _indented(_element("settings", settings))
    yield "</information>"


def _contents(manifest: Manifest) -> Iterator[str]:
    if manifest.activities:
        activities = (_element("activity", _leaves(_activity(one))) for one in manifest.activities)
        yield from _element("activities", (line for lines in activities for line in lines))
    if manifest.sections:
        sections = (_element("section", _leaves(_section(one))) for one in manifest.sections)
        yield from _element("sections", (line for lines in sections for line in lines))
    if manifest.course is not None:
        one = manifest.course
        yield from _element(
            "course", _leaves({"courseid": str(one.id), "title": one.title, "directory": one.directory})
        )


def _activity(one: ActivityEntry) -> dict[str, str | None]:
    return {
        "moduleid": str(one.moduleid),
        "sectionid": str(one.sectionid),
        "modulename": one.modulename,
        "title": one.title,
        "directory": one.directory,
        "insubsection": one.insubsection,
        **one.others,
    }


def _section(one: SectionEntry) -> dict[str, str | None]:
    return {
        "sectionid": str(one.id),
        "title": one.title,
        "directory": one.directory,
        "parentcmid": one.parentcmid,
        "modname": one.modname,
        **one.others,
    }


def _setting(one: Setting) -> dict[str, str | None]:
    return {
        "level": one.level,
        "section": one.section,
        "activity": one.activity,
        "name": one.name,
        "value": one.value,
    }


def _leaves(values: Mapping[str, str | None]) -> Iterator[str]:
    return (f"<{name}>{_text(value)}</{name}>" for name, value in values.items() if value is not None)


def _element(start: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<{start}>"
    yield from _indented(lines)
    yield f"</{start.split(' ')[0]}>"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _text(value: str, *, quoted: bool = False) -> str:
    more = {"\r": "&#13;", **({'"': "&quot;"} if quoted else {})}
    return escape(_UNWRITABLE.sub("", value), more)
