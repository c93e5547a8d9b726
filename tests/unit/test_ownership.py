"""Whose work is whose, and what goes with it when some people's work is taken out."""

import pytest
from lxml import etree

from jobs.archive.persons.ownership import Parting
from jobs.archive.trees import tree_for

AMIRA, BEN, CLEO = 101, 102, 103
FORUM = ("activities/forum_1", "forum.xml")
THREAD = "activity/forum/discussions/discussion"


def thread(*posts, by=AMIRA):
    """A discussion of posts, each a number, the number of the one it answers, and who wrote it."""
    inside = "".join(
        f'<post id="{number}"><parent>{parent}</parent><userid>{who}</userid><message>Hello</message></post>'
        for number, parent, who in posts
    )
    own = f"<name>Tides</name><firstpost>1</firstpost><userid>{by}</userid>"
    return f'<discussion id="9">{own}<posts>{inside}</posts></discussion>'


def parted(parting, path, xml, place=FORUM):
    """What stays of an element when it is parted; None if nothing does."""
    element = etree.fromstring(xml)
    return element if parting.take_out(element, path, tree_for(*place), *place) else None


def ids(element, tag):
    return [int(one.get("id")) for one in element.iter(tag)]


def test_answers_go_with_the_post_that_they_answer():
    parting = Parting({BEN})

    left = parted(
        parting, THREAD, thread((1, 0, AMIRA), (2, 1, BEN), (3, 2, AMIRA), (4, 3, CLEO), (5, 1, CLEO))
    )

    assert ids(left, "post") == [1, 5]
    assert (parting.kept, parting.taken) == ({AMIRA, CLEO}, {AMIRA, BEN, CLEO})


def test_a_thread_goes_with_whoever_began_it_and_so_does_what_is_said_of_it():
    parting = Parting({AMIRA})
    read = '<read id="1"><userid>102</userid><discussionid>9</discussionid><postid>2</postid></read>'
    tag = '<tag id="7"><itemid>2</itemid><rawname>tide</rawname></tag>'

    left = parted(parting, THREAD, thread((1, 0, AMIRA), (2, 1, BEN)))

    assert left is None
    assert parting.taken == {AMIRA, BEN}
    assert parted(parting, "activity/forum/readposts/read", read) is None
    assert parted(parting, "activity/forum/poststags/tag", tag) is None


def test_an_attempt_stays_whole_whoever_graded_a_step_of_it():
    attempt = (
        '<attempt id="5"><userid>101</userid><question_usage id="6"><question_attempts><question_attempt id="7">'
        '<steps><step id="8"><userid>101</userid></step><step id="9"><userid>103</userid></step></steps>'
        "</question_attempt></question_attempts></question_usage></attempt>"
    )
    parting = Parting({CLEO})

    left = parted(parting, "activity/quiz/attempts/attempt", attempt, ("activities/quiz_1", "quiz.xml"))

    assert ids(left, "step") == [8, 9]
    assert parting.kept == {AMIRA}


def test_a_page_of_a_wiki_stays_where_one_of_its_writers_does():
    def page(*writers):
        versions = "".join(f'<version id="{who}"><userid>{who}</userid></version>' for who in writers)
        return f'<page id="3"><userid>{writers[-1]}</userid><versions>{versions}</versions></page>'

    path, place = "activity/wiki/subwikis/subwiki/pages/page", ("activities/wiki_1", "wiki.xml")

    assert ids(parted(Parting({BEN}), path, page(AMIRA, BEN), place), "version") == [AMIRA, BEN]
    assert parted(Parting({BEN}), path, page(BEN), place) is None


def test_the_work_of_a_team_is_that_of_its_members():
    submission = (
        '<submission id="4"><userid>0</userid><groupid>6</groupid><status>submitted</status></submission>'
    )
    path, place = "activity/assign/submissions/submission", ("activities/assign_1", "assign.xml")
    groups = {6: frozenset((AMIRA, BEN))}

    assert parted(Parting({BEN}, groups), path, submission, place) is not None
    assert parted(Parting({AMIRA, BEN}, groups), path, submission, place) is None


@pytest.mark.parametrize(
    ("place", "path", "about"),
    [
        (
            ("activities/assign_1", "grading.xml"),
            "areas/area/definitions/definition/instances/instance",
            '<instance id="1"><raterid>103</raterid><itemid>4</itemid></instance>',
        ),
        (
            ("activities/assign_1", "comments.xml"),
            "comments/comment",
            '<comment id="1"><commentarea>submission_comments</commentarea><itemid>4</itemid>'
            "<userid>103</userid></comment>",
        ),
    ],
)
def test_what_was_said_of_a_piece_of_work_goes_with_it(place, path, about):
    own = ("activities/assign_1", "assign.xml")
    parting = Parting({BEN})
    for name in ("submission", "grade"):
        parted(
            parting, f"activity/assign/{name}s/{name}", f'<{name} id="4"><userid>102</userid></{name}>', own
        )

    assert parted(parting, path, about, place) is None
    assert parted(parting, path, about.replace(">4<", ">5<"), place) is not None
    assert parting.takes_file("assignsubmission_file", "submission_files", 4, AMIRA)
    assert not parting.takes_file("assignsubmission_file", "submission_files", 5, BEN)


def test_a_grade_that_says_nothing_is_no_work():
    place = ("activities/assign_1", "grades.xml")
    path = "activity_gradebook/grade_items/grade_item/grade_grades/grade_grade"
    parting = Parting()

    for who, value in ((AMIRA, "80.0"), (BEN, "$@NULL@$")):
        parted(
            parting,
            path,
            f'<grade_grade id="{who}"><userid>{who}</userid><finalgrade>{value}</finalgrade></grade_grade>',
            place,
        )

    assert parting.kept == {AMIRA}


def test_a_plugin_that_nobody_knows_is_parted_by_whom_its_records_name():
    place = ("activities/game_1", "game.xml")
    settings = (
        '<activity id="1"><game id="2"><name>Guess</name><usermodified>102</usermodified></game></activity>'
    )
    play = '<play id="3"><userid>{}</userid><score>5</score></play>'
    parting = Parting({BEN})

    assert parted(parting, "activity", settings, place).find("game") is not None
    assert parted(parting, "activity/game/plays/play", play.format(BEN), place) is None
    assert parted(parting, "activity/game/plays/play", play.format(AMIRA), place) is not None
    assert parting.takes_file("mod_game", "plays", 3, BEN)


def test_a_log_that_names_somebody_who_stays_behind_does_not_go_along():
    place = ("activities/page_1", "logstores.xml")
    path = "logstores/logstore/subplugin_logstore_standard_logstore/logstore_standard_log"
    names = "<userid>101</userid><relateduserid>{}</relateduserid>"
    entry = f'<logstore_standard_log id="1">{names}</logstore_standard_log>'

    assert parted(Parting({BEN}), path, entry.format(BEN), place) is None
    assert parted(Parting({BEN}), path, entry.format(CLEO), place) is not None
