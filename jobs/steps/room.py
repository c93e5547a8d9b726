"""Whether the disk has room for what a job will write."""

from __future__ import annotations

import shutil

from jobs.problems import JobProblem
from webapp import formatters, places

#: How much must stay free on the disk beside what is written, in bytes.
SPARE = 50_000_000


def check_room(needed: int, what: str) -> None:
    """Raise JobProblem where `what` ("the backup") may need more bytes than there are."""
    free = shutil.disk_usage(places.scratch()).free
    if free < needed + SPARE:
        raise JobProblem(
            f"The school’s disk is too full: {what} may need {formatters.size(needed)}, and "
            f"{formatters.size(max(0, free - SPARE))} are left. Nothing was changed. An admin has to make room."
        )
