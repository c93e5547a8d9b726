"""The work of each kind of job."""

from __future__ import annotations

from collections.abc import Callable

from jobs.engine.automated import back_up_automatically
from jobs.engine.backup import back_up
from jobs.engine.check import check
from jobs.engine.closing import close
from jobs.engine.copying import copy
from jobs.engine.importing import import_parts
from jobs.engine.mail import send_mail
from jobs.engine.outcome import Outcome
from jobs.engine.restore import restore
from jobs.progress import Run
from webapp.models import JobKind

RUNNERS: dict[JobKind, Callable[[Run], Outcome]] = {
    JobKind.BACKUP: back_up,
    JobKind.RESTORE: restore,
    JobKind.COPY: copy,
    JobKind.IMPORT: import_parts,
    JobKind.MAIL: send_mail,
    JobKind.AUTOMATED: back_up_automatically,
    JobKind.CLOSING: close,
    JobKind.CHECK: check,
}
