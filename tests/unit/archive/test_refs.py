"""What documents refer to, as inforef.xml lists it, and the ids that are taken."""

import io
import re

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from jobs.archive.ids.refs import KINDS, highest_id, references_in, write_inforef
from jobs.archive.trees import tree_for
from tests.unit.archive.documents import ARCHIVES, documents, parts, places

QUIZ = "activities/quiz_5"


def references(directory, filename, path, text):
    return set(references_in(etree.fromstring(text), path, tree_for(directory, filename)))


def test_the_references_of_a_record_are_those_that_are_declared():
    found = references(
        "activities/forum_1",
        "forum.xml",
        "activity/forum/discussions/discussion",
        """<discussion id="7"><firstpost>3</firstpost><userid>11</userid><groupid>12</groupid>
             <posts><post id="3"><userid>13</userid><privatereplyto>0</privatereplyto>
               <ratings><rating id="4"><scaleid>-14</scaleid><userid>15</userid></rating>
                        <rating id="5"><scaleid>100</scaleid><userid>$@NULL@$</userid></rating></ratings>
             </post></posts>
             <discussion_subs><discussion_sub id="1"><userid>16</userid></discussion_sub></discussion_subs>
           </discussion>""",
    )

    assert found == {("user", 11), ("group", 12), ("user", 13), ("scale", 14), ("user", 15), ("user", 16)}


def test_who_takes_part_in_a_meeting_is_a_reference():
    participants = """[{"selectiontype":"all","selectionid":"all"},{"selectiontype":"role","selectionid":"3"},
                       {"selectiontype":"user","selectionid":"12"},{"selectiontype":"user","selectionid":"nobody"}]"""

    found = references(
        "activities/bigbluebuttonbn_1", "bigbluebuttonbn.xml", "activity",
        f"<activity><bigbluebuttonbn id='1'><participants>{participants}</participants></bigbluebuttonbn></activity>",
    )  # fmt: skip

    assert found == {("user", 12)}


def test_the_grade_items_of_a_folder_are_among_its_references():
    found = references(
        QUIZ,
        "grades.xml",
        "activity_gradebook",
        """<activity_gradebook><grade_items><grade_item id="3"><scaleid>4</scaleid><outcomeid>5</outcomeid>
             <categoryid>6</categoryid></grade_item></grade_items></activity_gradebook>""",
    )

    assert found == {("grade_item", 3), ("scale", 4), ("outcome", 5)}


@pytest.mark.parametrize(
    ("condition", "categories"),
    [
        ('{"filter":{"category":{"jointype":1,"values":[11,"12"]}}}', {11, 12}),
        ('{"questioncategoryid":"9","includingsubcategories":0}', {9}),
        ('{"filter":[]}', set()),
        ('{"filter":{"category":{"values":7}}}', set()),
        ("[" * 100_000, set()),
        ("not JSON", set()),
        ("$@NULL@$", set()),
    ],
)
def test_a_random_slot_refers_to_the_categories_it_draws_from(condition, categories):
    found = references(
        QUIZ,
        "quiz.xml",
        "activity",
        f"""<activity><quiz><question_instances><question_instance><question_set_reference>
              <filtercondition>{condition}</filtercondition>
            </question_set_reference></question_instance></question_instances></quiz></activity>""",
    )

    assert found == {("question_category", number) for number in categories}


@pytest.mark.parametrize(
    "slot",
    [
        """<question_set_reference><filtercondition>{"filter":{"category":{"values":[11],
             "filteroptions":{"includesubcategories":true}}}}</filtercondition></question_set_reference>""",
        """<question_set_reference><filtercondition>{"questioncategoryid":"11","includingsubcategories":"1"}
           </filtercondition></question_set_reference>""",
        "<questioncategoryid>11</questioncategoryid><includingsubcategories>1</includingsubcategories>",
    ],
    ids=["4.3", "4.0", "3.x"],
)
def test_a_random_slot_says_that_it_draws_from_subcategories_too(slot):
    found = references(
        QUIZ,
        "quiz.xml",
        "activity",
        f"""<activity><quiz><question_instances><question_instance>{slot}
            </question_instance></question_instances></quiz></activity>""",
    )

    assert found == {("question_category", 11), ("question_category_tree", 11)}


def test_the_groups_that_a_restriction_names_are_references():
    found = references(
        QUIZ,
        "module.xml",
        "module",
        """<module id="5"><availability>{"op":"&amp;","c":[{"type":"group","id":3},{"type":"group"},
             {"op":"|","c":[{"type":"grouping","id":4},{"type":"completion","cm":9,"e":1}]}],"showc":[true]}
           </availability></module>""",
    )

    assert found == {("group", 3), ("grouping", 4)}


def test_a_fixed_slot_refers_to_its_entry_in_the_bank():
    found = references(
        QUIZ,
        "quiz.xml",
        "activity",
        """<activity><quiz><question_instances><question_instance><question_reference>
             <questionbankentryid>8</questionbankentryid>
           </question_reference></question_instance></question_instances></quiz></activity>""",
    )

    assert found == {("question_bank_entry", 8)}


def test_of_what_is_not_declared_the_usual_names_are_references():
    found = references(
        "activities/game_1",
        "game.xml",
        "activity/game/plays/play",
        "<play><userid>3</userid><groupid>4</groupid><roleid>5</roleid><score>6</score><teamid>7</teamid></play>",
    )

    assert found == {("user", 3), ("group", 4), ("role", 5)}


def test_numbers_that_are_no_ids_are_no_references():
    found = references(
        "course",
        "calendar.xml",
        "events/event",
        "<event><userid>-1</userid><groupid>0</groupid><userid>1e3</userid><userid>99999999999999999999</userid></event>",
    )

    assert found == set()


def listed(inforef):
    root = etree.fromstring(inforef)
    return {(item.tag, int(item.findtext("id"))) for reference in root for item in reference}


def found_in(archive, directory):
    for place, filename, content in places(archive):
        if place == directory and filename != "inforef.xml":
            tree = tree_for(place, filename)
            rows, skeleton = parts(content, tree.is_record)
            yield from references_in(skeleton, skeleton.tag, tree)
            for record, element in rows:
                yield from references_in(element, record.path, tree)


def groups_in(archive, groupings):
    groups = etree.fromstring(documents(archive)["groups.xml"])
    return {
        ("group", int(group.text))
        for grouping in groups.iter("grouping")
        if ("grouping", int(grouping.get("id"))) in groupings
        for group in grouping.iter("groupid")
    }


@pytest.mark.parametrize("archive", [archive for archive in ARCHIVES if "4.5" in str(archive)])
def test_whatever_a_moodle_lists_for_an_activity_is_found_in_its_documents(archive):
    folders = {name.rpartition("/")[0] for name in documents(archive) if name.startswith("activities/")}
    for directory in folders:
        found = set(found_in(archive, directory))
        missing = listed(documents(archive)[f"{directory}/inforef.xml"]) - found - groups_in(archive, found)

        assert {kind for kind, _ in missing} <= {"file", "question_category"}, directory


def test_inforef_has_the_shape_and_the_order_of_a_moodle():
    out = io.BytesIO()

    write_inforef(out, {"grade_item": [9], "file": [3, 4], "user": [1], "role": []})

    assert out.getvalue().decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<inforef>\n"
        "  <userref>\n    <user>\n      <id>1</id>\n    </user>\n  </userref>\n"
        "  <fileref>\n    <file>\n      <id>3</id>\n    </file>\n    <file>\n      <id>4</id>\n    </file>\n"
        "  </fileref>\n"
        "  <grade_itemref>\n    <grade_item>\n      <id>9</id>\n    </grade_item>\n  </grade_itemref>\n"
        "</inforef>"
    )


@pytest.mark.parametrize("archive", [archive for archive in ARCHIVES if "4.5" in str(archive)])
def test_the_inforef_of_a_moodle_comes_back_byte_for_byte(archive):
    for name, content in documents(archive).items():
        if name.endswith("inforef.xml"):
            ids = re.findall(r"<(\w+)>\s*<id>(\d+)</id>", content.decode())
            out = io.BytesIO()
            write_inforef(
                out, {kind: [int(number) for found, number in ids if found == kind] for kind in KINDS}
            )

            assert out.getvalue() == content, name


@pytest.mark.parametrize(
    ("text", "highest"),
    [
        ("<a/>", 0),
        ("<a id='7'/>", 7),
        ("<a contextid='9'><b id='8'/></a>", 9),
        ("<a><userid>12</userid><idnumber>99</idnumber><time>1795487790</time></a>", 12),
        ("<a><sequence>4,15,9</sequence></a>", 15),
        ("<a><id>$@NULL@$</id><stateid>x12</stateid><parentid>-3</parentid></a>", 0),
        ("<a><instanceid>999999999999999</instanceid><uuid>1000000000000000</uuid></a>", 999_999_999_999_999),
    ],
)
def test_the_highest_id_is_found_among_what_looks_like_one(text, highest):
    assert highest_id(etree.fromstring(text)) == highest


@settings(deadline=None)  # other work may slow the machine
@given(st.lists(st.integers(1, 10**15 - 1), min_size=1))
def test_the_highest_of_many_ids_is_found(numbers):
    root = etree.Element("root")
    for number in numbers:
        etree.SubElement(root, "row", id=str(number))

    assert highest_id(root) == max(numbers)
