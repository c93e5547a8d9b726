"""An IMS content package: its contents as a tree, each with the file that it opens."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.archive.ids.php import PhpError, Settings, as_dict, parse
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import leaf, number
from webapp.models import CourseFile


@dataclass(frozen=True)
class Part:
    title: str
    file: CourseFile | None
    inside: list[Part]


@dataclass(frozen=True)
class Package:
    parts: list[Part]


def imscp(source: Source) -> Package:
    """The files are shown whether the contents can be read or not."""
    try:
        structure = as_dict(parse(leaf(source.own, "structure").encode()))
    except PhpError:
        return Package([])
    revision = number(source.own, "revision")
    rows = source.files("mod_imscp", "content", [revision]).get(revision, [])
    return Package(_parts(structure, {f"{row.filepath}{row.filename}": row for row in rows}))


def _parts(structure: Settings, files: dict[str, CourseFile]) -> list[Part]:
    if not isinstance(structure, dict):
        return []
    parts = []
    for one in structure.values():
        if isinstance(one, dict):
            href = str(one.get("href") or "")
            file = files.get("/" + href.partition("?")[0].partition("#")[0].lstrip("/"))
            parts.append(Part(str(one.get("title") or href), file, _parts(one.get("subitems"), files)))
    return parts
