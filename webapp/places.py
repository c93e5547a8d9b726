"""The folders and files of one installation, by name."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from webapp.storage import Storage


def instance() -> Path:
    folder: Path = current_app.config["INSTANCE"]
    return folder


def storage() -> Storage:
    """The store of file contents."""
    return Storage(instance() / "files")


def archives() -> Path:
    """Where backup files lie, made here or brought."""
    return instance() / "archives"


def archive_path(archive_id: int) -> Path:
    return archives() / f"{archive_id}.mbz"


def archive_index(archive_id: int) -> Path:
    """Where it is written down what lies in a backup file, once somebody has looked into it."""
    return archives() / f"{archive_id}.index"


def scratch() -> Path:
    """For what is being written; whatever no running job owns may be deleted here."""
    return instance() / "scratch"


def locks() -> Path:
    return instance() / "locks"


def mail_folder() -> Path:
    """Where mails go while no mail server is set."""
    return instance() / "mail"


def prepare() -> None:
    """Make the folders that are missing."""
    storage().prepare()
    for folder in (archives(), scratch(), locks(), mail_folder()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
