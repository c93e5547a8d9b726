"""A moment of what tests/long does for minutes, always with the same changes."""

import pytest

from tests.hostile.mutating import TARGETS, fuzz


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_unforeseen_comes_of_a_few_random_changes(target):
    assert fuzz(target, 0.5) > 0
