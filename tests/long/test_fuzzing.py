"""Random changes to honest input, for a minute at each target. What is found becomes a test of its own."""

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
