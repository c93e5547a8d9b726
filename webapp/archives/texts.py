"""The texts of an archive, with pictures that come out of it and links to what else is in it."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from jobs.archive.survey import Survey
from webapp.archives.report import activities_of
from webapp.html import Links, render
from webapp.reading.branches import Area


class ArchiveTexts:
    """Renders the texts of one activity; `context` is the one in which its files stand."""

    def __init__(self, archive_id: int, survey: Survey, context: int | None) -> None:
        self._archive_id = archive_id
        self._context = context
        self._activities = {one.id: one.directory for one in activities_of(survey)}

    def leaf(self, html: str, format: int, area: Area | None, key: str, *, top: int = 4) -> Markup:
        """A text; `area` is where its pictures lie."""
        links = Links(
            file=lambda path: self._file(area, path),
            activity=self._activity,
            course=url_for("archives.show_archive", archive_id=self._archive_id),
        )
        return render(html, format, links, top=top, key=key)

    def _file(self, area: Area | None, path: str) -> str | None:
        path = path.strip("/")
        if not (area and path and self._context):
            return None
        component, name, item = area
        return url_for(
            "archives.embedded_file", archive_id=self._archive_id, context_id=self._context,
            component=component, area=name, itemid=item, path=path,
        )  # fmt: skip

    def _activity(self, module_id: int) -> str | None:
        directory = self._activities.get(module_id)
        if directory is None:
            return None
        name = directory.rpartition("/")[2]
        return url_for("archives.show_activity", archive_id=self._archive_id, name=name)
