"""Every hostile archive, large ones too, to its end in one process: how large that gets, and how long it takes."""

import json
import subprocess
import sys

import pytest

from tests.hostile.measuring import EVERYTHING

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

#: Megabytes and seconds that none may take.
MOST, LONGEST = 400, 120


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    told = subprocess.run(
        [sys.executable, "-m", "tests.hostile.measuring", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    print(f"\n{table_of(rows)}")
    return rows


def table_of(rows):
    head = f"{'hostile archive':<60}{'end':<10}{'MB':>5}{'s':>8}"
    return "\n".join(
        [head, *(f"{one['name'][:58]:<60}{one['end']:<10}{one['mb']:>5}{one['seconds']:>8}" for one in rows)]
    )


def test_each_comes_to_an_end_that_somebody_foresaw(measured):
    assert [one["name"] for one in measured] == list(EVERYTHING)
    assert [one for one in measured if one["says"].startswith("Something went wrong")] == []
    assert [one["name"] for one in measured if one["end"] == "refused" and not one["says"]] == []


def test_none_takes_much_memory_or_time(measured):
    assert [one for one in measured if one["mb"] > MOST or one["seconds"] > LONGEST] == []
