"""What of an installation's settings is secret, and how that is kept apart from the copy of the school."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.site_backup import SiteBackupProblem

SECRET_SETTINGS = frozenset({"secret_key", "secret_key_fallbacks", "mail_password"})


@dataclass(frozen=True)
class Secrets:
    """The key of an installation, and its settings with the secret ones among them; empty where it has none."""

    key: str
    config: str

    def write(self, path: Path) -> None:
        """Keep them in a file that nobody else may read. Raises SiteBackupProblem where that can't be."""
        fresh = path.with_name(f".{path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                json.dump({"secret": self.key, "config": self.config}, out)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(path)
        except OSError as error:
            raise SiteBackupProblem(f"The secrets can’t be written to {path}: {error.strerror}.") from error


def secrets_of(instance: Path) -> Secrets:
    return Secrets(_text(instance / "secret"), _text(instance / "config.toml"))


def read_secrets(path: Path) -> Secrets:
    """Read what `Secrets.write` wrote. Raises SiteBackupProblem."""
    try:
        given = json.loads(path.read_text("utf-8"))
        return Secrets(str(given["secret"]), str(given["config"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SiteBackupProblem(
            f"{path} holds no secrets that were written by “backup-site --secrets”."
        ) from error


def without_secrets(config: str) -> str | None:
    """The settings as they stand, less the lines of secret ones; None if that can't be told line by line."""
    kept = "".join(line for line in config.splitlines(keepends=True) if not _is_secret(line))
    open_ones = {name: value for name, value in _read(config).items() if name.lower() not in SECRET_SETTINGS}
    try:
        return kept if _read(kept) == open_ones else None
    except tomllib.TOMLDecodeError:
        return None


def _is_secret(line: str) -> bool:
    return line.partition("=")[0].strip().strip("\"'").lower() in SECRET_SETTINGS


def _read(config: str) -> dict[str, Any]:
    return tomllib.loads(config)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
