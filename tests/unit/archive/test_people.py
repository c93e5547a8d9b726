"""Without people: what is theirs is gone, what stays is whole and names nobody."""

import re

import pytest
from lxml import etree

from jobs.archive.persons.people import drops_document, is_user_data, names_person, without_people
from jobs.archive.trees import tree_for
from jobs.archive.xml import NULL, pack, take, unpack
from tests.unit.archive.documents import ARCHIVES, documents, parts, places, said_by, written
from tests.unit.archive.filled import EVERYBODY, PERSON, filled_document
from tests.unit.archive.test_trees import DECLARED


def emptied(content, tree):
    """Return a document without people: each part is emptied by itself, as a backup does it."""
    rows, skeleton = parts(content, tree.is_record)
    skeleton = without_people(skeleton, tree.root.name if tree.root else skeleton.tag, tree)
    if skeleton is None:
        return None
    kept = [(record, without_people(element, record.path, tree)) for record, element in rows]
    return written(skeleton, [(record, element) for record, element in kept if element is not None])


def expected(content, tree):
    """Return the document without what is declared to be user data, taken out in the plainest way."""
    root = etree.fromstring(content)
    for path, node in tree.nodes():
        for element in root.xpath(f"/{path}"):
            if node.is_user_data or node.user_data_if:
                element.getparent().remove(element)
            for leaf in node.leaves.values():
                if leaf.refers_to == "user" and leaf.within:
                    element.find(leaf.name).text = f"[{EVERYBODY}]"
                elif leaf.refers_to == "user":
                    element.find(leaf.name).text = leaf.vacant
                elif leaf.is_personal:
                    element.find(leaf.name).text = NULL if leaf.vacant is None else leaf.vacant
    return etree.tostring(root)


def tidy(content):
    """Return what a document says, whether or not its empty containers hold a line break."""
    return said_by(re.sub(rb">\s+<", b"><", content))


# An inforef.xml is made anew from what stays.
KEPT = [place for place in DECLARED if place[1] != "inforef.xml"]


@pytest.mark.parametrize(("directory", "filename"), KEPT)
def test_a_document_loses_exactly_its_user_data(directory, filename):
    tree = tree_for(directory, filename)
    content = filled_document(tree)

    after = emptied(content, tree)

    if drops_document(directory, filename):
        assert after is None
    else:
        assert tidy(after) == tidy(expected(content, tree))
        assert PERSON.encode() not in after


@pytest.mark.parametrize(("directory", "filename"), KEPT)
def test_what_stands_in_for_a_person_is_declared_wherever_a_reference_stays(directory, filename):
    tree = tree_for(directory, filename)

    for path, node in tree.nodes():
        if not tree.is_user_data(path) and not node.user_data_if:
            named = [leaf for leaf in node.leaves.values() if leaf.refers_to == "user" and not leaf.within]
            assert [leaf for leaf in named if not leaf.vacant] == [], path


@pytest.mark.parametrize(
    ("directory", "filename", "dropped"),
    [
        ("", "users.xml", True),
        ("course", "comments.xml", True),
        ("course", "logs.xml", True),
        ("course", "logstores.xml", True),
        ("course", "loglastaccess.xml", True),
        ("course/blocks/html_7", "comments.xml", True),
        ("activities/data_3", "comments.xml", True),
        ("activities/data_3", "completion.xml", True),
        ("activities/data_3", "xapistate.xml", True),
        ("", "completion.xml", False),
        ("", "grade_history.xml", False),
        ("activities/data_3", "grade_history.xml", False),
        ("course", "calendar.xml", False),
        ("course", "enrolments.xml", False),
        ("activities/game_1", "game.xml", False),
    ],
)
def test_documents_that_are_wholly_about_people_are_dropped(directory, filename, dropped):
    assert drops_document(directory, filename) is dropped


# As a Moodle does it


USERS, NO_USERS = "tide101-4.5-users.mbz", "tide101-4.5-no-users.mbz"


@pytest.mark.skipif(USERS not in ARCHIVES, reason="the real archives are not here")
def test_a_moodle_leaves_out_the_same_documents():
    left_out = documents(USERS).keys() - documents(NO_USERS).keys()

    dropped = {name for name in documents(USERS) if drops_document(*name.rpartition("/")[::2])}

    assert dropped == left_out


@pytest.mark.skipif(USERS not in ARCHIVES, reason="the real archives are not here")
def test_a_moodle_leaves_out_the_same_records():
    """But for the lists of references and files, and who made what, which a Moodle leaves in."""
    made = re.compile(
        rb"<(createdby|modifiedby|modifierid|ownerid|userid)>[^<]*</\1>|<(timemodified|needsupdate)>\d+</\2>"
    )
    different = []
    for directory, filename, content in places(NO_USERS):
        name = f"{directory}/{filename}".lstrip("/")
        if filename in ("inforef.xml", "files.xml", "moodle_backup.xml", "roles.xml"):
            continue
        ours = emptied(documents(USERS)[name], tree_for(directory, filename))
        if tidy(made.sub(b"", ours)) != tidy(made.sub(b"", content)):
            different.append(name)

    assert different == []


@pytest.mark.parametrize("archive", ARCHIVES)
def test_nobody_who_takes_part_is_named_anywhere_in_a_real_archive_without_people(archive):
    people = re.findall(rb'<user id="(\d+)"', documents(archive).get("users.xml", b""))
    named = re.compile(
        rb"<(userid|createdby|modifiedby|ownerid|usermodified|usercreated|modifierid)>(%s)<"
        % b"|".join(people)
    )
    for directory, filename, content in places(archive):
        if filename not in ("inforef.xml", "moodle_backup.xml") and people:
            after = emptied(content, tree_for(directory, filename)) or b""

            assert named.search(after) is None, f"{directory}/{filename}"


# Record by record


def test_an_exception_for_a_group_stays_and_one_for_a_person_goes():
    tree = tree_for("activities/quiz_1", "quiz.xml")
    path = "activity/quiz/overrides/override"
    of_group = etree.fromstring("<override><userid>$@NULL@$</userid><groupid>5</groupid></override>")
    of_person = etree.fromstring("<override><userid>9</userid><groupid>$@NULL@$</groupid></override>")

    assert without_people(of_group, path, tree) is of_group
    assert without_people(of_person, path, tree) is None


def test_a_date_of_the_course_stays_and_one_for_a_person_goes():
    tree = tree_for("activities/quiz_1", "calendar.xml")
    of_course = etree.fromstring("<event id='1'><courseid>7</courseid><userid>9</userid></event>")
    of_person = etree.fromstring("<event id='2'><courseid>0</courseid><userid>9</userid></event>")

    assert without_people(of_course, "events/event", tree).findtext("userid") == "0"
    assert without_people(of_person, "events/event", tree) is None


def test_a_group_stays_without_its_members():
    tree = tree_for("", "groups.xml")
    group = etree.fromstring(
        "<group id='1'><name>Gulls</name><group_members><group_member id='2'><userid>3</userid></group_member>"
        "</group_members></group>"
    )

    kept = without_people(group, "groups/group", tree)

    assert pack(kept) == b'<group id="1"><name>Gulls</name><group_members/></group>'


def test_a_record_that_lies_in_user_data_goes_by_its_path():
    tree = tree_for("activities/wiki_1", "wiki.xml")
    page = etree.fromstring("<page id='1'><title>Harbour</title></page>")

    assert without_people(page, "activity/wiki/subwikis/subwiki/pages/page", tree) is None


def test_an_empty_record_of_a_person_goes_too():
    tree = tree_for("", "groups.xml")
    group = etree.fromstring("<group><group_members><group_member id='2'/></group_members></group>")

    assert pack(without_people(group, "groups/group", tree)) == b"<group><group_members/></group>"


def test_a_slot_is_left_for_whoever_has_its_value():
    tree = tree_for("", "scales.xml")
    scale = etree.fromstring("<scale><userid>3</userid></scale>")
    take(scale, "userid")

    assert (
        pack(without_people(scale, "scales_definition/scale", tree))
        == b"<scale><userid><?column ?></userid></scale>"
    )


def test_nobody_stays_nobody():
    tree = tree_for("", "scales.xml")
    scale = etree.fromstring("<scale><userid>$@NULL@$</userid></scale>")

    without_people(scale, "scales_definition/scale", tree)

    assert scale.findtext("userid") == NULL


# What is not declared


GAME = b"""<activity id="1" moduleid="2" modulename="game" contextid="3">
  <game id="1">
    <name>Ships</name>
    <usermodified>9</usermodified>
    <plays>
      <play id="1"><userid>9</userid><points>3</points></play>
    </plays>
    <boards>
      <board id="1"><name>Harbour</name><cells><cell id="4"><x>1</x></cell></cells></board>
      <board id="2"><name>Reef</name><wins><win id="5"><takenby>9</takenby></win></wins></board>
      <board id="3" studentid="9"/>
    </boards>
    <plugin_x>
      <settings><colour>blue</colour><owner><ownerid>9</ownerid></owner></settings>
    </plugin_x>
  </game>
</activity>"""


def test_in_an_unknown_activity_what_names_a_person_is_theirs():
    after = emptied(GAME, tree_for("activities/game_2", "game.xml"))

    game = unpack(after).find("game")
    assert (game.findtext("name"), game.findtext("usermodified")) == ("Ships", "0")
    assert [board.findtext("name") for board in game.iter("board")] == ["Harbour"]
    assert len(game.find("plays")) == 0
    assert game.find("plugin_x") is not None
    assert b">9<" not in after


def test_what_a_plugin_adds_to_a_known_document_is_judged_in_the_same_way():
    tree = tree_for("activities/quiz_1", "quiz.xml")
    quiz = etree.fromstring(
        "<activity><quiz id='1'><subplugin_quizaccess_pass_quiz><rule id='1'><code>a</code></rule>"
        "<pass id='2'><userid>9</userid></pass></subplugin_quizaccess_pass_quiz><madeby>8</madeby></quiz></activity>"
    )

    without_people(quiz, "activity", tree)

    assert quiz[0].findtext("madeby") == "0"
    assert pack(quiz[0][0]) == (
        b'<subplugin_quizaccess_pass_quiz><rule id="1"><code>a</code></rule></subplugin_quizaccess_pass_quiz>'
    )


def test_an_unknown_record_without_a_person_is_nobodys():
    tree = tree_for("activities/game_2", "game.xml")
    board = etree.fromstring("<board><name>Reef</name><groupid>3</groupid></board>")

    assert not is_user_data(board, "activity/game/boards/board", tree)


def test_of_a_plugin_names_and_addresses_go_as_ids_do():
    tree = tree_for("activities/game_2", "game.xml")
    game = etree.fromstring(
        "<activity><game id='1'><email>ada@school.example</email><wins><win><firstname>Ada</firstname></win></wins>"
        "</game></activity>"
    )

    without_people(game, "activity", tree)

    assert pack(game) == b'<activity><game id="1"><email></email><wins/></game></activity>'


def test_attributes_of_what_stays_name_nobody():
    tree = tree_for("activities/game_2", "game.xml")
    game = etree.fromstring(
        "<activity id='1'><game id='1' usermodified='7' email='ada@school.example'><rules by='x'>1</rules>"
        "<last userid='7'>never</last></game></activity>"
    )

    without_people(game, "activity", tree)

    assert pack(game) == (
        b'<activity id="1"><game id="1" usermodified="0" email=""><rules by="x">1</rules></game></activity>'
    )


def test_what_people_wrote_to_one_another_in_a_plugin_goes_with_them():
    tree = tree_for("activities/dialogue_1", "dialogue.xml")
    talk = etree.fromstring(
        "<talk id='1'><messages><message id='2'><fromuser>7</fromuser><touser>8</touser><body>Help</body>"
        "</message></messages></talk>"
    )

    assert is_user_data(talk, "activity/dialogue/talks/talk", tree)
    assert without_people(talk, "activity/dialogue/talks/talk", tree) is None


@pytest.mark.parametrize(
    "name",
    [
        "userid",
        "relateduserid",
        "user",
        "usermodified",
        "createdby",
        "takenby",
        "authorid",
        "teacherid",
        "grader",
        "commentby",
        "lasteditedbyuser",
        "overriddenby",
        "reportedby",
        "assignedto",
        "gradefor",
        "fromuser",
        "id_user",
        "observee_id",
        "comment_authorid",
        "playeraid",
        "sender",
    ],
)
def test_names_that_plugins_give_to_people(name):
    assert names_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "name",
        "username_rule",
        "users",
        "sortby",
        "courseid",
        "groupid",
        "groupby",
        "author",
        "displayby",
        "createuser",
        "playerid",
        "posterid",
        "membership",
    ],
)
def test_names_that_are_not_of_people(name):
    assert not names_person(name)
