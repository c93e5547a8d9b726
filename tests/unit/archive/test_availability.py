"""The conditions under which something shows itself, in the form of each time."""

import pytest
from lxml import etree

from jobs.archive.ids.availability import conditions, needs_in


def test_conditions_are_found_however_deep_they_stand():
    tree = """{"op":"&","c":[{"type":"completion","cm":5,"e":1},{"op":"|","c":[
                {"type":"group","id":3},{"op":"!&","c":[{"type":"grade","id":7}]}]}],"showc":[true,true]}"""

    assert [one["type"] for one in conditions(tree)] == ["completion", "group", "grade"]


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "7", '{"c":3}', '{"c":[7,null]}', "[" * 100_000])
def test_what_is_no_tree_has_no_conditions(text):
    assert list(conditions(text)) == []


def test_what_moodle_wrote_before_2_7_says_the_same():
    module = etree.fromstring(
        """<module><availability_info>
             <availability id="1"><sourcecmid>5</sourcecmid><gradeitemid>$@NULL@$</gradeitemid></availability>
             <availability id="2"><sourcecmid>$@NULL@$</sourcecmid><gradeitemid>3</gradeitemid></availability>
           </availability_info></module>"""
    )

    assert list(needs_in(module)) == [("course_module", 5), ("grade_item", 3)]


def test_a_section_s_conditions_are_found_too():
    section = etree.fromstring(
        """<section><availabilityjson>{"op":"&amp;","c":[{"type":"grouping","id":4}]}</availabilityjson></section>"""
    )

    assert list(needs_in(section)) == [("grouping", 4)]
