"""The work of each kind of job."""

from __future__ import annotations

from collections.abc import Callable

from jobs.engine.backup import back_up
from jobs.engine.mail import send_mail
from jobs.engine.outcome import Outcome
from jobs.engine.restore import restore
from jobs.progress import Run
from webapp.models import JobKind

RUNNERS: dict[JobKind, Callable[[Run], Outcome]] = {
    JobKind.BACKUP: back_up,
    JobKind.RESTORE: restore,
    JobKind.MAIL: send_mail,
}
