"""What we tell people about it is true."""

import re
from pathlib import Path

import pytest

from tests.settings_table import table
from webapp.cli import parser

ROOT = Path(__file__).parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def commands():
    (chooser,) = parser()._subparsers._group_actions
    return chooser.choices


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    linked = LINK.findall(page.read_text("utf-8"))

    missing = [name for name in linked if not (page.parent / name).exists()]

    assert not missing


@pytest.mark.parametrize("command", commands())
def test_every_command_is_described_with_everything_it_takes(command):
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    hidden = {"--help", "--instance", "--parent"}

    options = [
        name
        for action in commands()[command]._actions
        for name in action.option_strings
        if name.startswith("--") and name not in hidden
    ]

    paragraphs = [part for part in page.split("\n\n") if f"`coursekeep {command}" in part]
    assert paragraphs
    assert [name for name in options if not any(name in part for part in paragraphs)] == []


def test_the_table_of_settings_is_what_is_declared():
    page = (ROOT / "docs/operating.md").read_text("utf-8")

    assert table() in page, "python -m tests.settings_table writes it anew"


@pytest.mark.parametrize(
    "target",
    ["run", "test", "test-long", "setup", "lint", "format", "migration", "help", "conformance"],
)
def test_every_word_for_make_is_there(target):
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE)
