"""Ids of people inside other texts become others, and nothing else changes."""

import base64

import pytest

from jobs.archive.ids.embedded import renumber_within
from jobs.archive.ids.mentions import renumber_mentions, renumber_participants


def nobody(_number):
    return 0


def next_one(number):
    return number + 1


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('a:2:{s:6:"userid";i:4711;s:5:"title";s:4:"Tide";}', 'a:2:{s:6:"userid";i:0000;s:5:"title";s:4:"Tide";}'),
        ('O:8:"stdClass":1:{s:6:"userid";s:4:"4711";}', 'O:8:"stdClass":1:{s:6:"userid";s:4:"0000";}'),
        ('{"userid":4711,"depth":3}', '{"userid":0,"depth":3}'),
        ('{"grader": "4711"}', '{"grader": "0"}'),
        ('<a href="https://a.example/user/view.php?id=4711&amp;course=7">', '<a href="https://a.example/user/view.php?id=0&amp;course=7">'),
        ('<a href="/user/profile.php?id=4711">', '<a href="/user/profile.php?id=0">'),
        ('/grade/report/user/index.php?id=7&userid=4711', '/grade/report/user/index.php?id=7&userid=0'),
        ('<img src="https://a.example/pluginfile.php/4711/user/icon/f1">', '<img src="https://a.example/pluginfile.php/0/user/icon/f1">'),
    ],
)  # fmt: skip
def test_who_is_mentioned_becomes_nobody(text, changed):
    assert renumber_mentions(text, nobody) == changed


def test_what_is_packed_is_packed_again():
    packed = base64.b64encode(b'O:8:"stdClass":1:{s:6:"userid";i:47;}').decode()

    changed = renumber_mentions(packed, nobody)

    assert base64.b64decode(changed) == b'O:8:"stdClass":1:{s:6:"userid";i:00;}'


def test_a_number_that_grows_longer_is_nobody_where_lengths_are_told():
    assert renumber_mentions('a:1:{s:6:"userid";i:9;}', next_one) == 'a:1:{s:6:"userid";i:0;}'
    assert renumber_mentions('{"userid":9}', next_one) == '{"userid":10}'


@pytest.mark.parametrize(
    "text",
    [
        "The user of a boat has userid=5 painted on it.",
        "https://video.example/watch?user=4711",
        "/mod/quiz/view.php?id=4711",
        'a:1:{s:5:"title";s:2:"12";}',
        "YTo=not base64",
        "{broken",
        '{"op":"&","c":[{"type":"profile","sf":"email","op":"endswith","v":"@school.example"}]}',
    ],
)
def test_where_nobody_is_meant_nothing_changes(text):
    assert renumber_mentions(text, nobody) == text


def test_a_condition_on_one_address_is_met_by_nobody():
    condition = (
        '{"op":"&","c":[{"op":"|","c":[{"type":"profile","sf":"email","op":"isequalto","v":"a@s.example"}]}]}'
    )

    closed = renumber_mentions(condition, nobody)

    assert closed == condition.replace("a@s.example", "nobody@doesntexist.invalid")


def test_participants_who_are_single_people_go_and_the_rest_stays():
    listed = '[{"selectiontype":"all","selectionid":"all"},{"selectiontype":"user","selectionid":"47"}]'

    assert renumber_participants(listed, nobody) == '[{"selectiontype":"all","selectionid":"all"}]'
    assert renumber_participants(listed, next_one) == listed.replace("47", "48")
    assert renumber_participants("who knows", nobody) == "[]"


def test_participants_who_stay_who_they_are_stay_as_they_are_written():
    listed = '[ {"selectiontype": "user", "selectionid": "47"} ]'

    assert renumber_participants(listed, lambda number: number) == listed
    assert renumber_within(listed, "json", "user", lambda kind, number: number + 1) == (
        '[{"selectiontype":"user","selectionid":"48"}]'
    )
