"""Whether the disk has room for what will be written."""

from __future__ import annotations

import shutil

from jobs.language import gettext as _
from jobs.language.sizes import size
from jobs.problems import JobProblem
from webapp import places
from webapp.database import snapshot
from webapp.models import get_setting


def room_left() -> int:
    """How many bytes may still be written: what an admin wants free beside that is not counted."""
    with snapshot() as session:
        spare = int(get_setting("spare_mb", session)) * 1_000_000
    return max(0, shutil.disk_usage(places.scratch()).free - spare)


def check_room(needed: int, what: str) -> None:
    """Raise JobProblem where `what` ("the backup") may need more bytes than there are."""
    left = room_left()
    if left < needed:
        raise JobProblem(
            _(
                "The school’s disk is too full: %(what)s may need %(needed)s, and %(left)s are left. "
                "Nothing was changed. An admin has to make room.",
                what=what,
                needed=size(needed),
                left=size(left),
            )
        )
