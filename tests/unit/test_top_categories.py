"""One category on top of the others in each place of a question bank."""

from itertools import count

import pytest
from lxml import etree

from jobs.steps.building.top_categories import lower_tops


def bank(*categories):
    rows = (
        f"<question_category id='{number}'><name>{name}</name><contextid>{context}</contextid>"
        f"<contextlevel>50</contextlevel><contextinstanceid>7</contextinstanceid><parent>{parent}</parent>"
        "</question_category>"
        for number, name, context, parent in categories
    )
    return etree.fromstring(f"<question_categories>{''.join(rows)}</question_categories>")


@pytest.mark.parametrize(
    ("categories", "parents"),
    [
        ([(1, "top", 70, 0), (2, "Tides", 70, 1), (3, "top", 71, 0)], {1: "0", 2: "1", 3: "0"}),
        ([(1, "top", 70, 0), (2, "Tides", 70, 0), (3, "top", 70, 0)], {1: "0", 2: "1", 3: "1"}),
        ([(1, "Tides", 70, 0), (2, "top", 70, 0), (3, "Winds", 70, 1)], {1: "2", 2: "0", 3: "1"}),
        ([(1, "Tides", 70, 0), (2, "Winds", 70, 0)], {900: "0", 1: "900", 2: "900"}),
        ([(1, "Tides", 70, 0), (2, "Winds", 71, 0)], {1: "0", 2: "0"}),
    ],
    ids=["as it should be", "three", "the top one last", "none called top", "alone, under another name"],
)
def test_all_but_one_of_the_topmost_go_below_it(categories, parents):
    found = bank(*categories)

    lowered = lower_tops(found, 2024100700, count(900).__next__, lone=False)

    assert {int(one.get("id")): one.findtext("parent") for one in found} == parents
    before = {number: str(parent) for number, _, _, parent in categories}
    assert lowered == sum(parents[number] != parent for number, parent in before.items())


@pytest.mark.parametrize(
    ("dialect", "place"), [(2024100700, "question_bank_entries"), (2020110900, "questions")]
)
def test_a_topmost_one_that_is_made_has_all_that_a_moodle_asks_for(dialect, place):
    found = bank((1, "Tides", 70, 0))

    lower_tops(found, dialect, count(900).__next__, lone=True)

    assert {leaf.tag: leaf.text or "" for leaf in found[0]} == {
        "name": "top", "contextid": "70", "contextlevel": "50", "contextinstanceid": "7", "info": "",
        "infoformat": "0", "stamp": "1+top", "parent": "0", "sortorder": "0", "idnumber": "$@NULL@$", place: "",
    }  # fmt: skip
