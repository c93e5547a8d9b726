"""What the line under an activity's name says."""

from __future__ import annotations

from jobs.archive.addresses import host_of
from jobs.language import gettext as _, ngettext
from jobs.language.sizes import size
from webapp.content.files import content_sizes
from webapp.content.kinds import is_plugin, kind_word
from webapp.models import Activity, Course


class Facts:
    """The short facts about the activities of one course; asks once for all of them."""

    def __init__(self, course: Course) -> None:
        self._sizes = content_sizes(course.version_id)

    def of(self, activity: Activity) -> str:
        word, more = kind_word(activity.type), self._more(activity)
        return f"{word} · {more}" if more else word

    def _more(self, activity: Activity) -> str:
        if activity.type in ("folder", "resource"):
            count, total = self._sizes.get(activity.context_id, (0, 0))
            return _files(count, total) if count else _("no file yet")
        if activity.type == "url":
            return host_of(activity.external_url)
        return _("a plugin’s, kept as it is") if is_plugin(activity.type) else ""


def _files(count: int, total: int) -> str:
    return f"{ngettext('%(num)s file', '%(num)s files', count)}, {size(total)}"
