"""Other numbers for what comes into a course: every id of it, and nothing but ids."""

import base64
import itertools

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from jobs.archive.ids.renumber import renumber
from jobs.archive.trees import CORE_ACTIVITY_TYPES, tree_for
from tests.unit.archive.documents import ARCHIVES, parts, places, said
from tests.unit.archive.filled import filled_document

OFFSET = 5000


def moved(directory, filename, path, text, known=None):
    """The document after a move by OFFSET, where `known` are ids of things that exist already."""
    element = etree.fromstring(text)
    new = lambda kind, number: (known or {}).get((kind, number), number + OFFSET)  # noqa: E731
    renumber(element, path, tree_for(directory, filename), new)
    return element


def leaf(directory, filename, path, name, text, inside="x"):
    root = moved(directory, filename, path, f"<{inside}><{name}>{text}</{name}></{inside}>")
    return root.findtext(name)


def test_the_ids_of_a_post_and_what_it_refers_to_move():
    root = moved(
        "activities/forum_1",
        "forum.xml",
        "activity/forum/discussions/discussion",
        """<discussion id="7"><name>7</name><firstpost>3</firstpost><userid>11</userid><groupid>-1</groupid>
             <posts><post id="3"><parent>0</parent><userid>13</userid><subject>3</subject>
               <ratings><rating id="4"><scaleid>-14</scaleid><value>2</value></rating>
                        <rating id="5"><scaleid>100</scaleid><userid>$@NULL@$</userid></rating></ratings>
             </post></posts></discussion>""",
        {("user", 11): 2},
    )

    assert (root.get("id"), root.findtext("firstpost")) == ("5007", "5003")
    assert (root.findtext("userid"), root.findtext("posts/post/userid")) == ("2", "5013")
    assert [root.findtext(name) for name in ("name", "groupid", "posts/post/parent")] == ["7", "-1", "0"]
    assert [one.text for one in root.iter("scaleid")] == ["-5014", "100"]
    assert root.findtext("posts/post/ratings/rating/value") == "2"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"op":"&","c":[{"type":"completion","cm":12,"e":1}],"showc":[true]}',
         '{"op":"&","c":[{"type":"completion","cm":5012,"e":1}],"showc":[true]}'),
        ('{"op":"|","c":[{"type":"group","id":3},{"op":"&","c":[{"type":"grouping","id":4}]}]}',
         '{"op":"|","c":[{"type":"group","id":5003},{"op":"&","c":[{"type":"grouping","id":5004}]}]}'),
        ('{"c":[{"type":"grade","id":5,"min":50}]}', '{"c":[{"type":"grade","id":5005,"min":50}]}'),
        ('{"c":[{"type":"relativedate","n":2,"d":1,"s":7,"m":12}]}',
         '{"c":[{"type":"relativedate","n":2,"d":1,"s":7,"m":5012}]}'),
        ('{"c":[{"type":"seen","cm":12,"groupid":"3","days":4},{"type":"badge","badgeid":9}]}',
         '{"c":[{"type":"seen","cm":5012,"groupid":"5003","days":4},{"type":"badge","badgeid":9}]}'),
        ('{"c":[{"type":"profile","sf":"email","op":"contains","v":"{\\"id\\":3}"}]}', None),
        ('{"c":[{"type":"completion","cm":-1,"e":1},{"type":"group"},{"type":"date","t":1756713600}]}', None),
        ("not JSON", None),
    ],
)  # fmt: skip
def test_a_restriction_names_the_new_ids(before, after):
    written = before.replace("&", "&amp;")

    found = leaf("activities/page_1", "module.xml", "module", "availability", written, "module")

    assert found == (after or before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"filter":{"category":{"jointype":1,"values":[11,"12"],"filteroptions":{"a":false}}}}',
         '{"filter":{"category":{"jointype":1,"values":[5011,"5012"],"filteroptions":{"a":false}}}}'),
        ('{"filter":{"qtags":{"values":[11]},"category":{"values":[1]}},"cat":"1,70"}',
         '{"filter":{"qtags":{"values":[11]},"category":{"values":[5001]}},"cat":"5001,5070"}'),
        ('{"questioncategoryid":"9","includingsubcategories":0}',
         '{"questioncategoryid":"5009","includingsubcategories":0}'),
        ('{"filter":{"qtagids":{"name":"qtagids","values":[11,"12"]},"category":{"values":[1]}},"tagids":[2]}',
         '{"filter":{"qtagids":{"name":"qtagids","values":[5011,"5012"]},"category":{"values":[5001]}},"tagids":[2]}'),
        ('{"tags":["11,low ] tide 7","12,3"],"questioncategoryid":9}',
         '{"tags":["5011,low ] tide 7","5012,3"],"questioncategoryid":5009}'),
        ("$@NULL@$", None),
    ],
)  # fmt: skip
def test_a_random_slot_draws_from_the_new_categories(before, after):
    path = "activity/quiz/question_instances/question_instance/question_set_reference"

    found = leaf("activities/quiz_1", "quiz.xml", path, "filtercondition", before)

    assert found == (after or before)


def test_the_order_of_an_old_quiz_names_the_new_questions():
    assert leaf("activities/quiz_1", "quiz.xml", "activity/quiz", "questions", "7,0,12,0") == "5007,0,5012,0"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="$@PAGEVIEWBYID*12@$">', '<a href="$@PAGEVIEWBYID*5012@$">'),
        ("$@BOOKVIEWBYIDCH*12*7@$ $@DATAVIEWRECORD*3*4@$", "$@BOOKVIEWBYIDCH*5012*5007@$ $@DATAVIEWRECORD*5003*5004@$"),
        ("$@COURSEVIEWBYID*2@$", "$@COURSEVIEWBYID*9@$"),
        ("$@DATAINDEXURLENCODED*2@$ $@PLUGINFILEBYCONTEXTURLENCODED*3@$",
         "$@DATAINDEXURLENCODED*9@$ $@PLUGINFILEBYCONTEXTURLENCODED*5003@$"),
        ("$@DATAVIEWBYIDURLENCODED*2@$ $@DATAEDITBYDURLENCODED*2@$",
         "$@DATAVIEWBYIDURLENCODED*8@$ $@DATAEDITBYDURLENCODED*7@$"),
        ("$@SOMEPLUGINTHING*8@$", "$@SOMEPLUGINTHING*5008@$"),
        ("$@FILEPHP@$$@SLASH@$a.png 12", None),
    ],
)  # fmt: skip
def test_links_lead_to_the_new_ids(before, after):
    written = before.replace("<", "&lt;")

    root = moved(
        "activities/page_1", "page.xml", "activity",
        f"<activity><page><content>{written}</content></page></activity>",
        {("course", 2): 9, ("course_module", 2): 8, ("data", 2): 7},
    )  # fmt: skip

    assert root.findtext("page/content") == (after or before)


@pytest.mark.parametrize(
    ("itemtype", "after"), [("course", "1"), ("category", "1"), ("mod", "5006"), ("manual", "5006")]
)
def test_a_column_of_the_gradebook_belongs_to_what_its_type_says(itemtype, after):
    root = moved(
        "", "gradebook.xml", "gradebook",
        f"""<gradebook><grade_categories><grade_category id="6"><path>/6/8/</path></grade_category></grade_categories>
        <grade_items><grade_item id="3"><itemtype>{itemtype}</itemtype><iteminstance>6</iteminstance>
        <calculation>=##gi3##+3</calculation></grade_item></grade_items></gradebook>""",
        {("grade_category", 6): 1},
    )  # fmt: skip

    assert root.findtext("grade_items/grade_item/iteminstance") == after
    assert root.findtext("grade_items/grade_item/calculation") == "=##gi5003##+3"
    assert root.findtext("grade_categories/grade_category/path") == "/1/5008/"


@pytest.mark.parametrize(
    ("name", "after"),
    [("_order", "5040,5042"), ("_sub2_order", "5040,5042"), ("_stemorder", "5040,5042"), ("_choiceorder1", None),
     ("answer", None), ("-finish", None)],
)  # fmt: skip
def test_the_order_of_answers_in_an_attempt_names_the_new_answers(name, after):
    path = (
        "activity/quiz/attempts/attempt/question_usage/question_attempts/question_attempt/steps/step/response"
    )

    root = moved(
        "activities/quiz_1", "quiz.xml", path,
        f"<response><variable><name>{name}</name><value>40,42</value></variable></response>",
    )  # fmt: skip

    assert root.findtext("variable/value") == (after or "40,42")


@pytest.mark.parametrize(
    ("criterion", "name", "value", "after"),
    [
        (1, "module_12", 12, ["module_5012", "5012"]),
        (1, "bydate_12", 1756713600, ["bydate_5012", "1756713600"]),
        (4, "course_12", 12, ["course_9", "9"]),
        (4, "grade_12", 12, ["grade_9", "12"]),
        (5, "bydate_12", 0, ["bydate_9", "0"]),
        (6, "field_12", 12, ["field_12", "12"]),
    ],
)
def test_a_badge_is_for_the_new_activity(criterion, name, value, after):
    root = moved(
        "", "badges.xml", "badges/badge",
        f"""<badge id="1"><criteria><criterion id="2"><parameters><parameter id="3"><critid>2</critid>
        <name>{name}</name><value>{value}</value><criteriatype>{criterion}</criteriatype></parameter></parameters></criterion></criteria>
        </badge>""", {("course", 12): 9},
    )  # fmt: skip

    parameter = root.find("criteria/criterion/parameters/parameter")
    assert [parameter.findtext(one) for one in ("critid", "name", "value")] == ["5002", *after]


def test_of_a_plugin_what_is_named_after_something_known_moves():
    root = moved(
        "activities/studentquiz_4", "studentquiz.xml", "activity/studentquiz/questions/question",
        """<question id="5"><studentquizid>4</studentquizid><questionid>6</questionid><userid>7</userid>
        <valid>1</valid><idnumber>8</idnumber><text>9</text><link>$@STUDENTQUIZVIEWBYID*3@$</link>
        <groupid>0</groupid></question>""",
        {("user", 7): 1},
    )  # fmt: skip

    assert root.get("id") == "5005"
    assert {one.tag: one.text for one in root} == {
        "studentquizid": "5004", "questionid": "5006", "userid": "1", "valid": "1", "idnumber": "8", "text": "9",
        "link": "$@STUDENTQUIZVIEWBYID*5003@$", "groupid": "0",
    }  # fmt: skip


DECLARED = [
    *((f"activities/{name}_1", f"{name}.xml") for name in sorted(CORE_ACTIVITY_TYPES)),
    *(("activities/page_1", f"{name}.xml") for name in ("module", "grades", "grading", "completion", "calendar")),
    *(("", f"{name}.xml") for name in ("questions", "gradebook", "groups", "badges", "users", "files", "scales")),
    ("course", "enrolments.xml"),
    ("course/blocks/html_1", "block.xml"),
    ("sections/section_1", "section.xml"),
]  # fmt: skip


@pytest.mark.parametrize(("directory", "filename"), DECLARED)
@given(offset=st.integers(1, 10**9))
@settings(max_examples=5, deadline=None)
def test_there_and_back_is_where_it_was_and_no_declared_id_stays(directory, filename, offset):
    tree = tree_for(directory, filename)
    original = filled_document(tree)
    element = etree.fromstring(original)

    renumber(element, tree.root.name, tree, lambda _kind, number: number + offset)
    there = ids(element, tree)
    renumber(element, tree.root.name, tree, lambda _kind, number: number - offset)

    assert not there & ids(etree.fromstring(original), tree) or offset < 10_000
    assert said(element) == said(etree.fromstring(original))


def ids(element, tree):
    """What stands where the declarations have an id."""
    found = set()
    for path, node in tree.nodes():
        inner = path.partition("/")[2]
        for one in element.iterfind(inner) if inner else [element]:
            found |= {one.get(name) for name, kind in node.attributes.items() if kind}
            references = [name for name, leaf in node.leaves.items() if leaf.refers_to and not leaf.within]
            found |= {one.findtext(name) for name in references}
    return found - {None}


@pytest.mark.parametrize("archive", ARCHIVES)
def test_real_documents_come_back_from_a_move(archive):
    for directory, filename, content in places(archive):
        tree = tree_for(directory, filename)
        rows, skeleton = parts(content, tree.is_record)
        elements = [(record.path, element) for record, element in rows[:50]]
        for path, element in [*elements, (str(skeleton.tag), skeleton)]:
            before = said(element)

            for step in (10**7, -(10**7)):
                renumber(element, path, tree, lambda _kind, number, step=step: number + step)

            assert said(element) == before, f"{directory}/{filename} {path}"


def test_an_attempt_that_holds_its_stems_itself_lists_them_as_before():
    path = (
        "activity/quiz/attempts/attempt/question_usage/question_attempts/question_attempt/steps/step/response"
    )
    names = {"_stem_40": "High tide", "_stemorder": "40,42", "_choiceorder": "2,1"}
    text = "".join(
        f"<variable><name>{name}</name><value>{one}</value></variable>" for name, one in names.items()
    )

    root = moved("activities/quiz_1", "quiz.xml", path, f"<response>{text}</response>")

    assert {one.findtext("name"): one.findtext("value") for one in root} == names


@pytest.mark.parametrize(
    ("qtype", "text"),
    [
        ("multichoice", "<multichoice id='5'><answers>40,42</answers></multichoice>"),
        ("shortanswer", "<shortanswer id='5'><answers>40,42</answers></shortanswer>"),
        ("match", "<matchoptions id='5'><subquestions>40,42</subquestions></matchoptions>"),
    ],
)
def test_before_2_5_a_question_lists_the_new_numbers_of_its_answers(qtype, text):
    path = f"question_categories/question_category/questions/question/plugin_qtype_{qtype}_question"

    root = moved(
        "", "questions.xml", path, f"<plugin_qtype_{qtype}_question>{text}</plugin_qtype_{qtype}_question>"
    )

    assert root[0][0].text == "5040,5042"


def test_two_kinds_with_one_number_stay_apart():
    known = dict(zip(itertools.product(("user", "group"), (5,)), (1, 2), strict=True))

    root = moved(
        "activities/chat_1", "chat.xml", "activity/chat/messages/message",
        "<message id='5'><userid>5</userid><groupid>5</groupid></message>", known,
    )  # fmt: skip

    assert (root.get("id"), root.findtext("userid"), root.findtext("groupid")) == ("5005", "1", "2")


def test_settings_of_a_block_are_renumbered_where_they_lie():
    settings = base64.b64encode(b'a:1:{s:8:"glossary";i:4;}').decode()
    text = f"<block id='5'><blockname>glossary_random</blockname><configdata>{settings}</configdata></block>"

    root = moved("course/blocks/glossary_random_5", "block.xml", "block", text)

    assert base64.b64decode(root.findtext("configdata")) == b'a:1:{s:8:"glossary";i:5004;}'


def test_a_block_of_tags_is_about_the_new_context():
    settings = base64.b64encode(b'a:2:{s:3:"ctx";s:2:"70";s:7:"tagcoll";s:1:"4";}').decode()
    text = f"<block id='5'><blockname>tags</blockname><configdata>{settings}</configdata></block>"

    root = moved("course/blocks/tags_5", "block.xml", "block", text)

    assert (
        base64.b64decode(root.findtext("configdata")) == b'a:2:{s:3:"ctx";s:4:"5070";s:7:"tagcoll";s:1:"4";}'
    )


def test_settings_of_a_block_that_can_not_be_read_stay_and_are_told():
    settings = base64.b64encode(b'a:2:{s:8:"glossary";i:4;}').decode()
    root = etree.fromstring(
        f"<block id='5'><blockname>glossary_random</blockname><configdata>{settings}</configdata></block>"
    )
    tree = tree_for("course/blocks/glossary_random_5", "block.xml")

    assert not renumber(root, "block", tree, lambda kind, number: number + OFFSET)
    assert (root.get("id"), root.findtext("configdata")) == ("5005", settings)


def test_words_that_begin_like_settings_are_words():
    text = "a:1 is the first; $@PAGEVIEWBYID*12@$"

    assert leaf("activities/ship_1", "ship.xml", "activity", "notes", text) == text.replace("*12@", "*5012@")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("40,42,41:42", "5040,5042,5041:5042"),
        ("random12-40,42:", "random5012-5040,5042:"),
        ("random12-ebb", "random5012-ebb"),
        ("12:30", None),
        ("1,2:7", None),
        ("40", None),
    ],
)
def test_the_states_of_an_attempt_before_moodle_2_1_name_the_new_questions(before, after):
    root = moved(
        "activities/quiz_1", "quiz.xml", "activity/quiz/attempts/attempt",
        f"""<attempt id="5">
        <states><state id="8"><question>12</question><answer>{before}</answer><event>3</event></state></states>
        <sessions><session id="9"><questionid>12</questionid><newest>8</newest><newgraded>0</newgraded>
        </session></sessions>
        </attempt>""",
    )  # fmt: skip

    state, session = root.find("states/state"), root.find("sessions/session")
    assert [state.get("id"), *(one.text for one in state)] == ["5008", "5012", after or before, "3"]
    assert [session.get("id"), *(one.text for one in session)] == ["5009", "5012", "5008", "0"]
