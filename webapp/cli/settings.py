"""`coursekeep settings`: what admins set in the browser, read and changed from a shell."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from webapp.cli.command import DONE, Commands, Problem, opened, say_json, say_table
from webapp.pages.formatters import iso
from webapp.settings.operations import Standing, change_settings, how_they_stand
from webapp.site_settings import SETTINGS, Declared


def add(commands: Commands) -> None:
    parser = commands.add("settings", run, "read and change what admins set in the browser", json=True)
    parser.add_argument(
        "deed", choices=("list", "get", "set", "reset"),
        help="show all; say one; give one another value; give one the value that it came with",
    )  # fmt: skip
    parser.add_argument("name", nargs="?", metavar="NAME", help="the setting, as “list” names it")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="with set: its value")


def run(args: Namespace) -> int:
    if (args.name is None) != (args.deed == "list") or (args.value is None) != (args.deed != "set"):
        raise Problem("It is “list”, “get NAME”, “set NAME VALUE” or “reset NAME”.")
    with opened(args):
        if args.deed == "list":
            return _list(args)
        setting = _find(args.name)
        if args.deed in ("set", "reset"):
            _change(setting, args)
        return _say(setting, args)


def _list(args: Namespace) -> int:
    standing = how_they_stand(SETTINGS.values()).values()
    if args.json:
        say_json({"settings": [_described(one) for one in standing]})
    else:
        rows = [(one.declared.name, *_both_in_words(one), one.declared.label) for one in standing]
        say_table(("Setting", "Is", "As it came", "What it is"), rows)
    return DONE


def _find(name: str) -> Declared:
    if name not in SETTINGS:
        raise Problem(f"There is no setting {name}. “coursekeep settings list” names all.")
    return SETTINGS[name]


def _change(setting: Declared, args: Namespace) -> None:
    try:
        value = setting.default if args.deed == "reset" else setting.kind.read(args.value)
    except ValueError as error:
        raise Problem(f"{setting.name}: {error}") from None
    change_settings({setting.name: value}, by=None)


def _say(setting: Declared, args: Namespace) -> int:
    standing = how_they_stand([setting])[setting.name]
    if args.json:
        say_json(_described(standing))
    else:
        print(setting.kind.typed(standing.value) or setting.kind.in_words(standing.value))
    return DONE


def _both_in_words(one: Standing) -> tuple[str, str]:
    say = one.declared.kind.in_words
    return say(one.value), say(one.declared.default)


def _described(one: Standing) -> dict[str, Any]:
    """A setting as programs read it."""
    return {
        "name": one.declared.name,
        "label": one.declared.label,
        "says": one.declared.says,
        "values": one.declared.kind.limits,
        "value": one.value,
        "default": one.declared.default,
        "changed_at": iso(one.changed_at) if one.changed_at else None,
        "changed_by": one.changed_by,
    }
