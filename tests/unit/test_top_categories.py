"""One category on top of the others in each place of a question bank."""

import pytest
from lxml import etree

from jobs.steps.building.top_categories import lower_tops


def bank(*categories):
    rows = (
        f"<question_category id='{number}'><name>{name}</name><contextid>{context}</contextid>"
        f"<parent>{parent}</parent></question_category>"
        for number, name, context, parent in categories
    )
    return etree.fromstring(f"<question_categories>{''.join(rows)}</question_categories>")


@pytest.mark.parametrize(
    ("categories", "parents"),
    [
        ([(1, "top", 70, 0), (2, "Tides", 70, 1), (3, "top", 71, 0)], ["0", "1", "0"]),
        ([(1, "top", 70, 0), (2, "Tides", 70, 0), (3, "top", 70, 0)], ["0", "1", "1"]),
        ([(1, "Tides", 70, 0), (2, "top", 70, 0), (3, "Winds", 70, 1)], ["2", "0", "1"]),
        ([(1, "Tides", 70, 0), (2, "Winds", 70, 0)], ["0", "1"]),
    ],
    ids=["as it should be", "three", "the top one last", "none called top"],
)
def test_all_but_one_of_the_topmost_go_below_it(categories, parents):
    found = bank(*categories)

    lowered = lower_tops(found)

    assert [one.findtext("parent") for one in found] == parents
    assert lowered == sum(one[3] == 0 for one in categories) - parents.count("0")
