"""What admins have locked, where a command says otherwise."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.cli.command import Problem
from webapp.job_requests.inclusion import Included
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


def add_kinds(command: ArgumentParser, with_says: str, without_says: str) -> None:
    """Give a command the options --with and --without."""
    for option, says in (("with", with_says), ("without", without_says)):
        command.add_argument(
            f"--{option}", dest=f"{option}_kinds", action="append", default=[], choices=tuple(CONTENT), metavar="KIND",
            help=f"{says}; may be given several times. {', '.join(CONTENT)}",
        )  # fmt: skip


def content_of(args: Namespace, included: Included) -> list[str]:
    """The kinds that go in or come, by the settings where nothing was said. Raises Problem for locked ones.

    That is where one of those that admins have locked would be otherwise than they say.
    """
    asked = {*included.chosen["content"], *args.with_kinds} - set(args.without_kinds)
    content = [kind for kind in CONTENT if kind in asked]
    _check_locked_kinds(included, content)
    return content


def _check_locked_kinds(included: Included, content: Sequence[str]) -> None:
    right = included.obey({"content": content})["content"]
    for kind in sorted(set(right) ^ set(content)):
        how = "is in" if kind in right else "stays out"
        raise Problem(
            f"Admins have locked “{CONTENT[kind][0]}”: it {how} for everybody. Leave the option out, or have it "
            "unlocked under Settings."
        )
