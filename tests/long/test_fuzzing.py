"""Changes to honest input, for a minute at each target: random ones, and such as take new ways through the code.

What is found becomes a test of its own.
"""

import importlib.util
import re
import subprocess
import sys
import time

import pytest

from tests.hostile.mutating import TARGETS, fuzz

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
SECONDS = 60


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_unforeseen_comes_of_random_changes(target):
    seed = int(time.time()) * 1000

    count = fuzz(target, SECONDS, seed)

    print(f"\n{target}: {count:,} inputs from {seed} on")
    assert count > 50


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is there for Linux on x86-64 alone"
)
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_unforeseen_lies_on_new_ways_through_the_code(target, tmp_path):
    command = [sys.executable, "-m", "tests.hostile.guided", target, str(SECONDS), str(tmp_path)]

    ended = subprocess.run(command, capture_output=True, text=True, errors="replace")

    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]
    count = int(re.search(r"stat::number_of_executed_units: (\d+)", ended.stderr)[1])
    print(f"\n{target}: {count:,} inputs, {len(list(tmp_path.iterdir())):,} kept")
    assert count > 50
