"""All that the page of one activity shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import sqlalchemy as sa
from markupsafe import Markup

from webapp.content.files import content_of, files_at, files_in_context
from webapp.courses.conditions import OfActivity, conditions_of
from webapp.courses.content_forms import is_safe_address
from webapp.courses.finding import get_section
from webapp.courses.folders import Folder, tree_of
from webapp.courses.outline import is_shown
from webapp.courses.serving import is_for_everybody, kind_of
from webapp.courses.texts import Texts
from webapp.courses.viewer import View, view_of
from webapp.courses.viewers import VIEWERS
from webapp.courses.viewers.documents import FIRST_PAGE, Asked, source_of
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Section
from webapp.reading import label_of

OWN_PAGES = frozenset({"page", "label", "url", "resource", "folder"})


@dataclass(frozen=True)
class ShownFile:
    """A file with the type by which a page may show it; None if it can only be taken home."""

    row: CourseFile
    kind: str | None

    @property
    def player(self) -> str:
        """How a page shows it: "image", "audio", "video", "application" for PDF, "text"; empty if not."""
        return (self.kind or "").partition("/")[0]


class ActivityPage:
    def __init__(
        self,
        course: Course,
        activity: Activity,
        asked: Asked = FIRST_PAGE,
        *,
        with_people: bool,
        whole: bool = False,
    ) -> None:
        self._course = course
        self._activity = activity
        self._asked = asked
        self._with_people = with_people
        #: Everything that is kept of it, as it is kept, rather than its type's own view.
        self.whole = whole
        self._texts = Texts(course)

    @property
    def has_own_page(self) -> bool:
        return self._activity.type in OWN_PAGES

    @cached_property
    def section(self) -> Section:
        return get_section(self._course, self._activity.section_id)

    @property
    def is_hidden(self) -> bool:
        return not (is_shown(self._activity) and is_shown(self.section))

    @cached_property
    def conditions(self) -> OfActivity | None:
        """Who may see it and when it counts as done; for those who teach."""
        return conditions_of(self._course, self._activity) if self._with_people else None

    @cached_property
    def opens(self) -> int | None:
        """The section that a subsection opens: it is read on the course's page."""
        if self._activity.type != "subsection":
            return None
        found = sa.select(Section.id).where(
            Section.version_id == self._course.version_id,
            Section.parent_cmid == str(self._activity.moodle_id),
        )
        return db.session.scalars(found).first()

    @cached_property
    def intro(self) -> Markup:
        return self._texts.intro(self._activity)

    @cached_property
    def content(self) -> Markup:
        return self._texts.content(self._activity)

    @property
    def address(self) -> str | None:
        """Where a link leads, if it leads anywhere that a browser may go."""
        address = (self._activity.external_url or "").strip()
        return address if is_safe_address(address) else self.address_here

    @cached_property
    def address_here(self) -> str | None:
        """Where in this course a link leads."""
        return self._texts.address(self._activity.external_url)

    @cached_property
    def files(self) -> list[ShownFile]:
        """The files of a resource, the main one first."""
        rows = [
            row for row in files_at(self._course.version_id, content_of(self._activity)) if not row.is_folder
        ]
        return [ShownFile(row, kind_of(row)) for row in rows]

    @cached_property
    def folder(self) -> Folder:
        return tree_of(files_at(self._course.version_id, content_of(self._activity)))

    @cached_property
    def viewed(self) -> object | None:
        """What the viewer of its type shows; None where there is none, or all that is kept is asked for."""
        viewer = VIEWERS.get(self._activity.type)
        if viewer is None or self.whole:
            return None
        source = source_of(self._course, self._activity, self._asked, with_people=self._with_people)
        return viewer(source) if source is not None else None

    @cached_property
    def view(self) -> View | None:
        return view_of(self._course, self._activity, self._asked.page, with_people=self._with_people)

    @cached_property
    def other_files(self) -> list[tuple[str, Folder]]:
        """The files of a type that has no page of its own, by area, as far as the person may have them."""
        rows = files_in_context(self._course.version_id, self._activity.context_id)
        allowed = [row for row in rows if self._with_people or is_for_everybody(self._activity, row)]
        return [
            (label_of(area), tree_of(some)) for area, some in groupby(allowed, key=lambda row: row.filearea)
        ]
