"""The ids that a document gives to what is in it, told from those by which it refers to something else."""

import pytest
from lxml import etree

from jobs.archive.ids.own_ids import own_ids
from jobs.archive.trees import tree_for


def found(directory, name, content):
    element = etree.fromstring(content)
    return set(own_ids(element, element.tag, tree_for(directory, name)))


def test_what_is_in_a_document_is_its_own_and_what_it_names_is_not():
    content = """<activity id="51" moduleid="41" modulename="forum" contextid="71"><forum id="51"><discussions>
      <discussion id="510"><userid>101</userid><groupid>7</groupid>
      <posts><post id="511"><parent>0</parent></post></posts></discussion></discussions></forum></activity>"""

    assert found("activities/forum_41", "forum.xml", content) == {
        ("forum", 51), ("course_module", 41), ("context", 71), ("forum_discussion", 510), ("forum_post", 511),
    }  # fmt: skip


def test_of_a_plugin_the_frame_is_known_and_the_rest_has_no_kind():
    content = """<activity id="5" moduleid="41" modulename="hologram" contextid="71"><hologram id="5">
      <beams><beam id="12"><groupid>7</groupid></beam></beams></hologram></activity>"""

    assert found("activities/hologram_41", "hologram.xml", content) == {
        ("course_module", 41), ("context", 71), (None, 5), (None, 12),
    }  # fmt: skip


@pytest.mark.parametrize("number", ["0", "", "-1", "x", "99999999999999999999"])
def test_what_is_no_id_is_none(number):
    assert found("activities/page_41", "module.xml", f'<module id="{number}"/>') == set()
