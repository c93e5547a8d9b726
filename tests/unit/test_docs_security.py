"""docs/security.md says what is tried, and names tests that there are."""

import re
from pathlib import Path

import pytest

from tests.hostile.routes import RULES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
SHOWN = ["pupil", "teacher", "editing teacher", "manager", "admin", "stranger"]


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text("utf-8")


def table_of_routes():
    """The lines of the table, as `tests/hostile/routes.py` has them."""
    for rule in RULES:
        cells = ["yes" if asker in rule.let_in else str(rule.told(asker)) for asker in SHOWN]
        yield f"| {rule.words} | {' | '.join(cells)} |"


def test_the_table_of_routes_is_what_is_tried(page):
    between = page.partition("<!-- routes -->")[2].partition("<!-- /routes -->")[0]

    assert between.strip().splitlines()[2:] == list(table_of_routes())


def test_every_test_that_it_names_is_there(page):
    named = set(re.findall(r"\btest_\w+\b(?!\.py)", page))

    written = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for code in written for name in re.findall(r"^def (test_\w+)", code, re.MULTILINE)}
    assert named - there == set()


def test_every_line_without_a_test_says_why(page):
    lines = [line for line in page.splitlines() if re.match(r"\| \d+\.\d+\.\d+ \|", line)]

    bare = [line for line in lines if line.endswith("| |")]
    assert len(lines) > 80
    assert [line for line in bare if "**no**" not in line and "make audit" not in line] == []
