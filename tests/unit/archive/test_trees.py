"""The declarations: that they can be read, that they are true of real archives, that they contradict nothing."""

from importlib import resources

import pytest
from lxml import etree

from jobs.archive import trees
from jobs.archive.survey.core import CORE_TYPES
from jobs.archive.trees import CORE_ACTIVITY_TYPES, FileArea, NotationError, tree_for
from jobs.archive.trees.notation import parse_tree
from jobs.archive.xml import NULL
from tests.unit.archive.documents import ARCHIVES, parts, places, round_trip, said_by
from tests.unit.archive.filled import filled_document

FOLDERS = ("root", "course", "sections", "activities", "modules", "blocks", "shared")
DIRECTORIES = {
    "root": "",
    "course": "course",
    "sections": "sections/section_3",
    "activities": "activities/forum_4",
    "blocks": "course/blocks/rss_client_5",
    "shared": "course",
}
DECLARED = [
    (f"activities/{stem}_4" if folder == "modules" else DIRECTORIES[folder], f"{stem}.xml")
    for folder in FOLDERS
    for stem in sorted(
        entry.name.removesuffix(".tree") for entry in resources.files(trees).joinpath(folder).iterdir()
    )
]


# The forum's, as anybody would ask


def test_a_declaration_answers_about_paths():
    forum = tree_for("activities/forum_12", "forum.xml")
    discussion = "activity/forum/discussions/discussion"

    assert forum.is_declared
    assert forum.is_record(discussion)
    assert not forum.is_record(f"{discussion}/posts/post")
    assert forum.is_user_data(f"{discussion}/posts/post/ratings/rating")
    assert not forum.is_user_data("activity/forum")
    assert forum.references(discussion)["groupid"] == "group"
    assert forum.references("activity/forum/readposts/read") == {
        "userid": "user",
        "discussionid": "forum_discussion",
        "postid": "forum_post",
    }
    assert forum.node(discussion).kind == "forum_discussion"
    assert forum.node("activity").attributes == {
        "id": "forum",
        "moduleid": "course_module",
        "modulename": None,
        "contextid": "context",
    }
    assert forum.node("activity/forum").leaves["scale"].is_negative


def test_a_declaration_knows_where_html_and_files_lie():
    forum = tree_for("activities/forum_12", "forum.xml")
    post = "activity/forum/discussions/discussion/posts/post"

    assert [(path, leaf.name, leaf.embeds.area) for path, leaf in forum.html_leaves] == [
        ("activity/forum", "intro", "intro"),
        (post, "message", "post"),
    ]
    assert (post, FileArea("mod_forum", "attachment", "id")) in forum.file_areas


@pytest.mark.parametrize(
    ("directory", "filename", "root"),
    [
        ("", "users.xml", "users"),
        ("", "roles.xml", "roles_definition"),
        ("course", "roles.xml", "roles"),
        ("activities/quiz_5", "roles.xml", "roles"),
        ("course/blocks/html_7", "roles.xml", "roles"),
        ("activities/quiz_5", "grades.xml", "activity_gradebook"),
        ("", "completion.xml", "course_completion"),
        ("activities/quiz_5", "completion.xml", "completions"),
        ("course", "competencies.xml", "course_competencies"),
        ("activities/quiz_5", "competencies.xml", "course_module_competencies"),
        ("sections/section_9", "section.xml", "section"),
        ("sections/section_9", "inforef.xml", "inforef"),
        ("course/blocks/html_7", "block.xml", "block"),
        ("activities/page_3/blocks/html_7", "block.xml", "block"),
        ("", "grade_history.xml", "grade_history"),
    ],
)
def test_the_same_name_means_another_document_in_another_place(directory, filename, root):
    assert tree_for(directory, filename).root.name == root


def test_there_are_declarations_for_every_activity_type_of_moodle():
    assert CORE_ACTIVITY_TYPES == CORE_TYPES


# What is not declared


@pytest.mark.parametrize(
    ("directory", "filename", "record", "other"),
    [
        ("activities/game_1", "game.xml", "activity/game/plays/play", "activity/game/plays"),
        ("course/blocks/mine_1", "mine.xml", "block/mine/rows/row", "block/mine"),
        ("course", "mine.xml", "mine/row", "mine"),
        ("activities/quiz_1", "mine.xml", "mine/row", "mine/row/cell"),
        ("", "../modules/quiz.xml", "activity/quiz", "activity"),
    ],
)
def test_an_unknown_document_has_records_by_its_depth(directory, filename, record, other):
    tree = tree_for(directory, filename)

    assert not tree.is_declared
    assert tree.is_record(record)
    assert not tree.is_record(other)
    assert not tree.is_user_data(record)
    assert tree.node(record) is None
    assert tree.references(record) == {}


# The notation


def test_the_notation_says_what_a_leaf_holds():
    node = parse_tree(
        """
# Tea
tea @id @contextid (rows, user data if userid)
  - name, colour  # of the pot
  - userid: user
  - madeby: user or null
  - pourer: user or 0, personal
  - scale: -scale
  - parts: tea in list
  - secret: encrypted
  - text: html tea/text itemid=../id, personal
  - poured: date served at
  - cooled: date
  - rules: dates in conditions
  files tea/leaf itemid=id
  plugins local, tool
  cups
    cup @id:mug
""",
        "tea.tree",
        module="pot",
    )

    leaves = node.leaves
    assert (node.kind, node.children["cups"].children["cup"].kind) == ("pot_tea", "mug")
    assert (node.is_rows, node.is_user_data, node.user_data_if) == (True, False, "userid")
    assert list(leaves)[:3] == ["name", "colour", "userid"]
    assert (leaves["madeby"].refers_to, leaves["madeby"].vacant) == ("user", NULL)
    assert (leaves["pourer"].vacant, leaves["pourer"].is_personal) == ("0", True)
    assert (leaves["scale"].refers_to, leaves["scale"].is_negative) == ("scale", True)
    assert (leaves["parts"].refers_to, leaves["parts"].within) == ("tea", "list")
    assert leaves["secret"].is_encrypted
    assert leaves["text"].embeds == FileArea("tea", "text", "../id")
    assert [leaves[name].date for name in ("poured", "cooled", "name")] == ["served at", "", None]
    assert leaves["rules"].within == "conditions"
    assert node.files == (FileArea("tea", "leaf", "id"),)
    assert node.plugins == ("local", "tool")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tea @", "not an element"),
        ("tea (cold)", "unknown words cold"),
        ("tea\n - a", "wrong indentation"),
        ("tea\n    - a", "wrong indentation"),
        ("tea\n  - a, b: user", "one meaning for several leaves"),
        ("tea\n  - a: USER", "unknown meaning USER"),
        ("tea\n  - a: date Due", "unknown meaning date Due"),
        ("tea\n  - a\n  - a", "declared twice, a"),
        ("tea\n  cup\n  cup", "declared twice, cup"),
        ("tea\ncup", "a second root"),
    ],
)
def test_what_the_notation_does_not_have_is_named_with_its_line(text, reason):
    with pytest.raises(NotationError, match=reason) as error:
        parse_tree(text, "tea.tree")

    assert str(error.value).startswith("tea.tree:")


# All of them


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
def test_a_declaration_does_not_contradict_itself(directory, filename):
    tree = tree_for(directory, filename)

    for path, node in tree.nodes():
        names = {*node.leaves, *node.attributes}
        assert node.user_data_if is None or node.user_data_if in names
        assert not node.leaves.keys() & node.children.keys()
        if node.is_rows:
            inner = [other for below, other in tree.nodes() if below.startswith(f"{path}/")]
            assert not any(other.is_rows for other in inner), f"records in a record: {path}"


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
def test_the_item_of_a_file_area_is_something_the_document_holds(directory, filename):
    tree = tree_for(directory, filename)

    for path, area in tree.file_areas:
        steps, _, name = (area.itemid or "").rpartition("/")
        for _ in steps.split("/") if steps else ():
            path = path.rpartition("/")[0]
        node = tree.node(path)
        assert not name or name in node.leaves or name in node.attributes, f"{path} {area}"


def kinds():
    found = {"context", "file", "user"}
    for place in DECLARED:
        for _, node in tree_for(*place).nodes():
            found |= {node.kind, *node.attributes.values()}
    return found


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
def test_every_reference_is_to_a_kind_that_some_document_defines(directory, filename):
    known = kinds()

    for path, node in tree_for(directory, filename).nodes():
        for leaf in node.leaves.values():
            assert leaf.refers_to is None or leaf.refers_to in known, f"{path} {leaf}"


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
def test_a_document_with_everything_that_is_declared_comes_back_whole(directory, filename):
    tree = tree_for(directory, filename)
    content = filled_document(tree)

    after = round_trip(content, tree.is_record)

    assert said_by(after) == said_by(content)


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
def test_records_are_taken_out_where_they_are_declared(directory, filename):
    tree = tree_for(directory, filename)
    declared = {path for path, node in tree.nodes() if node.is_rows}

    rows, _ = parts(filled_document(tree), tree.is_record)

    assert {record.path for record, _ in rows} == declared
    assert len(rows) == 2 * len(declared)


# True of real archives


def undeclared(element, node, path):
    """Yield the paths of what the declaration does not have, but for what plugins add where it says so."""
    yield from (f"{path}@{name}" for name in element.attrib if name not in node.attributes)
    for child in element:
        kind, _, plugin = child.tag.partition("_")
        if child.tag in node.children:
            yield from undeclared(child, node.children[child.tag], f"{path}/{child.tag}")
        elif len(child) or child.tag not in node.leaves:
            is_plugin = kind in ("plugin", "subplugin") and plugin.split("_")[0] in node.plugins
            yield from () if is_plugin else [f"{path}/{child.tag}"]


@pytest.mark.parametrize("archive", [archive for archive in ARCHIVES if "4.5" in str(archive)])
def test_a_moodle_4_5_writes_nothing_that_is_not_declared(archive):
    for directory, filename, content in places(archive):
        tree = tree_for(directory, filename)
        root = etree.fromstring(content)

        assert tree.is_declared, f"{directory}/{filename}"
        assert root.tag == tree.root.name
        assert sorted(set(undeclared(root, tree.root, root.tag))) == []
