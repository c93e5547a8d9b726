"""What admins have locked, where a command says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.cli.command import Problem
from webapp.inclusion import Included
from webapp.site_settings import SETTINGS


def check_locks(what: str, included: Included, said: Mapping[str, Any]) -> None:
    """Raise Problem where what was `said` of a "backup" or "restore" is not what is locked."""
    for name in sorted(included.locked & said.keys()):
        if said[name] != included.chosen[name]:
            setting = SETTINGS[f"{what}_{name}"]
            raise Problem(
                f"Admins have locked “{setting.label}”: it is “{setting.kind.in_words(included.chosen[name])}” for "
                "everybody. Leave the option out, or have it unlocked under Settings."
            )
