"""What admins have locked, where a command says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.cli.command import Problem
from webapp.inclusion import Included
from webapp.site_settings import SETTINGS
from webapp.site_settings.declared import CONTENT


def check_locks(what: str, included: Included, said: Mapping[str, Any]) -> None:
    """Raise Problem where what was `said` of a "backup" or "restore" is not what is locked."""
    for name in sorted(included.locked & said.keys()):
        if said[name] != included.chosen[name]:
            setting = SETTINGS[f"{what}_{name}"]
            raise Problem(
                f"Admins have locked “{setting.label}”: it is “{setting.kind.in_words(included.chosen[name])}” for "
                "everybody. Leave the option out, or have it unlocked under Settings."
            )


def check_locked_kinds(included: Included, content: Sequence[str]) -> None:
    """Raise Problem where one of the kinds that admins have locked would go into a backup otherwise than they say."""
    right = included.obey({"content": content})["content"]
    for kind in sorted(set(right) ^ set(content)):
        how = "goes in" if kind in right else "stays out"
        raise Problem(
            f"Admins have locked “{CONTENT[kind][0]}”: it {how} for everybody. Leave the option out, or have it "
            "unlocked under Settings."
        )
