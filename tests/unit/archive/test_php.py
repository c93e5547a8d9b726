"""Settings serialised by PHP: read strictly, changed, and written with lengths that are right."""

import base64

import pytest
from hypothesis import given, strategies as st

from jobs.archive.ids.packed_settings import renumber_block, renumber_log_entry, renumber_packed
from jobs.archive.ids.php import (
    Group,
    PhpError,
    Plain,
    Text,
    is_packed,
    parse,
    rewrite,
    unpack_settings,
    write,
)

OFFSET = 5000
KEYS = st.builds(Text, st.binary(max_size=6)) | st.integers(-9, 99).map(lambda one: Plain(f"i:{one}"))
VALUES = st.recursive(
    st.sampled_from([Plain("N"), Plain("b:1"), Plain("i:-7"), Plain("d:0.5"), Plain("R:2"), Plain("d:1.0E+25")])
    | st.builds(Text, st.binary(max_size=12)),
    lambda inner: st.builds(
        Group, st.sampled_from(["a", 'O:8:"stdClass"']), st.lists(st.tuples(KEYS, inner), max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


def packed(text):
    return base64.b64encode(text.encode()).decode()


def unpacked(text):
    return base64.b64decode(text).decode()


def moved(kind, number):
    """Ids move by OFFSET; the course and one group are there already."""
    return {("course", 7): 2, ("group", 3): 1}.get((kind, number), number + OFFSET)


@given(VALUES)
def test_what_is_read_is_written_byte_for_byte(value):
    assert write(parse(write(value))) == write(value)


@given(VALUES)
def test_a_text_in_which_nothing_changes_stays_as_it_is(value):
    text = base64.b64encode(write(value)).decode()

    assert rewrite(text, lambda path, written: written) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a:1:{", 'a:1:{s:1:"k";}', 'a:2:{i:0;N;}', 'a:1:{i:0;N;}x', 's:3:"ab";', 's:2:"abc";', "i:05;", "i:x;",
        "b:2;", 'O:3:"stdClass":0:{}', 'C:3:"Foo":0:{}', "a:1:{a:0:{}N;}", "a:1:{N;N;}", "a:99999999:{}", "s:-1:\"\";",
        "a:1:{i:0;" * 60 + "N;" + "}" * 60,
    ],
)  # fmt: skip
def test_what_is_not_quite_serialised_is_refused(text):
    with pytest.raises(PhpError):
        parse(text.encode())
    with pytest.raises(PhpError):
        rewrite(packed(text), lambda path, written: "9")


def test_a_length_is_that_of_the_bytes_and_not_of_the_letters():
    changed = rewrite('a:1:{s:5:"title";s:3:"Ebb";}', lambda path, text: "Flût 漢")

    assert changed == 'a:1:{s:5:"title";s:9:"Flût 漢";}'


def test_texts_that_are_no_letters_stay_as_they_are():
    text = base64.b64encode(b'a:1:{s:1:"k";s:2:"\xff\x00";}').decode()

    assert rewrite(text, lambda path, written: "changed") == text


def test_settings_are_found_by_their_names_also_hidden_ones():
    settings = packed('O:8:"stdClass":3:{s:5:"title";s:4:"Tide";s:8:"\0*\0count";i:3;s:2:"on";b:1;}')

    assert unpack_settings(settings) == {"title": "Tide", "count": 3, "on": True}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("glossary_random",
         'O:8:"stdClass":3:{s:5:"title";s:2:"12";s:8:"courseid";s:1:"7";s:8:"glossary";s:3:"999";}',
         'O:8:"stdClass":3:{s:5:"title";s:2:"12";s:8:"courseid";s:1:"2";s:8:"glossary";s:4:"5999";}'),
        ("activity_results",
         'a:3:{s:14:"activityparent";s:4:"quiz";s:16:"activityparentid";i:9;s:19:"activitygradeitemid";s:2:"41";}',
         'a:3:{s:14:"activityparent";s:4:"quiz";s:16:"activityparentid";i:5009;s:19:"activitygradeitemid";s:4:"5041";}'),
        ("quiz_results", 'a:1:{s:6:"quizid";s:1:"0";}', 'a:1:{s:6:"quizid";s:1:"0";}'),
        ("rss_client", 'a:2:{s:5:"rssid";a:2:{i:0;s:1:"8";i:1;s:1:"9";}s:10:"numentries";i:8;}',
         'a:2:{s:5:"rssid";a:2:{i:0;s:4:"5008";i:1;s:4:"5009";}s:10:"numentries";i:8;}'),
        ("completion_progress", 'a:1:{s:16:"selectactivities";a:1:{i:0;s:7:"quiz-12";}}',
         'a:1:{s:16:"selectactivities";a:1:{i:0;s:9:"quiz-5012";}}'),
        ("html", 'a:2:{s:4:"text";s:26:"<a>$@PAGEVIEWBYID*12@$</a>";s:6:"format";s:1:"1";}',
         'a:2:{s:4:"text";s:28:"<a>$@PAGEVIEWBYID*5012@$</a>";s:6:"format";s:1:"1";}'),
        ("plugins_own", 'a:3:{s:7:"groupid";i:3;s:4:"cmid";i:4;s:6:"course";i:1;}',
         'a:3:{s:7:"groupid";i:1;s:4:"cmid";i:5004;s:6:"course";i:1;}'),
    ],
)  # fmt: skip
def test_the_settings_of_a_block_name_the_new_ids(name, before, after):
    assert unpacked(renumber_block(packed(before), name, moved)) == after


def test_what_a_log_entry_tells_names_the_new_ids():
    before = packed('a:4:{s:6:"quizid";i:4;s:8:"courseid";i:7;s:7:"attempt";i:2;s:6:"pageid";s:1:"x";}')

    after = renumber_log_entry(before, moved)

    assert (
        unpacked(after)
        == 'a:4:{s:6:"quizid";i:5004;s:8:"courseid";i:2;s:7:"attempt";i:2;s:6:"pageid";s:1:"x";}'
    )


def test_links_in_the_settings_of_a_plugin_keep_their_lengths_right():
    before = 'a:1:{s:4:"link";s:19:"$@QUIZVIEWBYID*9@$!";}'

    assert renumber_packed(before, moved) == 'a:1:{s:4:"link";s:22:"$@QUIZVIEWBYID*5009@$!";}'


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("a:1:{", True), ("YToxOns=", True), ("Tzo4", True), ("a: first", False), ("b:1;", False)],
)
def test_serialised_texts_are_known_by_how_they_begin(text, is_so):
    assert is_packed(text) == is_so
