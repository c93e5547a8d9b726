"""What leaves that nobody has declared are called on a page."""

import pytest

from webapp.reading.leaves import label_of


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("takenby", "Taken by"),
        ("lasteditedbyuser", "Lastedited by"),
        ("overriddenby", "Overridden by"),
        ("reviewed_by", "Reviewed by"),
        ("usertimestamp", "Usertimestamp"),
        ("useforum", "Use forum"),
        ("sortby", "Sortby"),
        ("maxgrade", "Max grade"),
        ("teacherid", "Teacher"),
    ],
)
def test_a_name_is_parted_where_people_would(name, label):
    assert label_of(name) == label
