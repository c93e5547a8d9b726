"""What a backup that broke off has left in the admins' folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from jobs.automated.folder import Checkpoint, Written, is_what_we_wrote
from webapp.database import separate_write, snapshot
from webapp.models import ACTIVE, FolderCopy, Job


def part_name(job_id: int) -> str:
    """What an unfinished copy is called: hidden, and told from that of another installation."""
    return f"{_mark()}{job_id}.part"


def _mark() -> str:
    return f".coursekeep-{current_app.config['SITE_HASH'][:8]}-"


def clear_folder(folder: Path, checkpoint: Checkpoint) -> None:
    """Remove unfinished copies. Only while no automatic backup runs."""
    with contextlib.suppress(OSError):
        for part in folder.glob(f"{_mark()}*.part"):
            part.unlink(missing_ok=True)
    with snapshot() as session:
        copies = session.scalars(_unfinished()).all()
        found = [(one.id, Path(one.folder, one.filename), Written(one.size, one.sha256)) for one in copies]
    for number, path, written in found:
        with contextlib.suppress(OSError):
            if is_what_we_wrote(path, written, checkpoint):
                path.unlink()
        with separate_write() as session:
            session.execute(sa.delete(FolderCopy).where(FolderCopy.id == number))


def _unfinished() -> sa.Select[FolderCopy]:
    """Copies that were written down and never confirmed, of jobs that are over."""
    active = sa.exists().where(Job.id == FolderCopy.job_id, Job.state.in_(ACTIVE))
    return sa.select(FolderCopy).where(FolderCopy.verified_at.is_(None), FolderCopy.damage == "", ~active)
