"""What an answer counts, and what a page offers for it."""

import pytest

from webapp.courses.editing.fractions import choice_of, choices, problem_of
from webapp.courses.editing.things import Kind


@pytest.mark.parametrize(
    ("kept", "chosen"),
    [
        ("1.0000000", "1.0000000"), ("1", "1.0000000"), ("0.33333", "0.3333333"), ("-0.25", "-0.2500000"),
        ("0", "0.0000000"), ("-0.0000000", "0.0000000"), ("0.47", "0.47"),
    ],
)  # fmt: skip
def test_what_moodle_kept_is_one_of_its_shares_however_it_is_written(kept, chosen):
    assert choice_of(kept) == chosen


def test_a_share_that_moodle_does_not_offer_can_stay():
    assert ("0.47", "47%") in choices(Kind.GAIN, "0.47")


def test_what_is_offered_depends_on_the_kind():
    offered = {
        kind: [words for _, words in choices(kind, "1.0000000")]
        for kind in (Kind.RIGHT, Kind.GAIN, Kind.SHARE)
    }

    assert offered[Kind.RIGHT] == ["Right", "Wrong"]
    assert (offered[Kind.GAIN][0], offered[Kind.GAIN][-1], len(offered[Kind.GAIN])) == ("100%", "Nothing", 21)
    assert (offered[Kind.SHARE][-1], len(offered[Kind.SHARE])) == ("−100%", 41)


@pytest.mark.parametrize(
    ("shares", "together", "problem"),
    [
        ([1, 0, -0.5], False, ""),
        ([0.5, 0.5], False, "One of the answers has to count 100%."),
        ([0.5, 0.5, -1], True, ""),
        ([1 / 3, 1 / 3, 1 / 3], True, ""),
        ([0.5, 0.4], True, "The right answers count 90% together. It has to be 100%."),
        ([], False, ""),
    ],
)
def test_shares_have_to_go_together(shares, together, problem):
    assert problem_of(shares, together=together) == problem
