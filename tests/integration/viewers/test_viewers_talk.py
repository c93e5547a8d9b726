"""What pages show of forums, of chats, and of choices."""

import pytest

from tests.course_documents import MADE_AT, StoredFile, leaves, node
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import AMIRA, BEN, CONTEXT, HOSTILE, address_in, counted_queries, own, restored_with, rows

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(100))


@pytest.fixture
def as_teacher(sign_in_as):
    return lambda course: sign_in_as(make_teacher(course=course))


@pytest.fixture
def as_pupil(sign_in_as):
    return lambda course: sign_in_as(make_person(course=course))


def post(who, subject, message, parent=0, ratings=(), **more):
    rated = rows("ratings", "rating", *ratings)
    content = leaves(parent=parent, userid=who, created=MADE_AT, subject=subject, message=message, **more)
    return [*content, node("messageformat", 1), rated]


def forum_of(*discussions, files=(), **more):
    return restored_with(
        "forum",
        [*own(type="general", scale=0, **more), rows("discussions", "discussion", *discussions, first=500)],
        files,
    )


def discussion(name, *posts, **more):
    content = leaves(name=name, firstpost=1, userid=AMIRA, groupid=-1, **more)
    return [*content, rows("posts", "post", *posts)]


def test_a_forum_lists_its_discussions_with_what_they_begin_with(page, as_teacher, app):
    seen = StoredFile(700, "wave.png", PICTURE, CONTEXT, "mod_forum", "attachment", 1)
    rating = leaves(scaleid=10, value=7, userid=BEN)
    course = forum_of(
        discussion(
            "What did you see?",
            post(BEN, "Gulls", '<p>Three. <img src="@@PLUGINFILE@@/gull.png"></p>', ratings=[rating]),
            post(AMIRA, "Re: Gulls", "Well seen."),
            pinned=1,
        ),
        files=(seen,),
    )
    as_teacher(course)

    soup = page(address_in(course))

    shown = soup.select_one("article")
    assert text(shown.h3) == "What did you see? Pinned"
    assert "Ben Okoro" in text(shown)
    assert "Rated 7 of 10" in text(shown)
    assert shown.find("a", string="wave.png")
    assert shown.select_one(".rich-text img")["src"].endswith(f"/{CONTEXT}/mod_forum/post/1/gull.png")
    assert "Well seen." not in soup.text


def test_a_discussion_is_read_as_a_thread(page, as_teacher, app):
    course = forum_of(
        discussion(
            "Gulls",
            post(AMIRA, "Gulls", "How many?"),
            post(BEN, "Terns", "And terns?", parent=1),
            post(BEN, "Three", "I saw three.", parent=1),
            post(AMIRA, "Those too", "Yes, terns too.", parent=2),
        )
    )
    as_teacher(course)
    link = page(address_in(course)).find("a", string=lambda words: words and "3 answers" in words)

    soup = page(link["href"] if link else f"{address_in(course)}?item=500")

    assert [text(one) for one in soup.select("article h3")] == ["Gulls", "Terns", "Those too", "Three"]
    assert "in answer to Ben Okoro" in text(soup.select("article")[2])


def test_posts_that_answer_each_other_in_a_circle_are_still_shown(page, as_teacher, app):
    course = forum_of(discussion("Round", post(BEN, "A", "a", parent=2), post(BEN, "B", "b", parent=1)))
    as_teacher(course)

    soup = page(f"{address_in(course)}?item=500")

    assert len(soup.select("article")) == 2


def test_a_long_discussion_goes_by_pages_and_asks_the_database_little(page, as_teacher, app):
    course = forum_of(discussion("Long", *[post(BEN, f"Post {one}", "x") for one in range(120)]))
    as_teacher(course)

    with counted_queries() as asked:
        first = page(f"{address_in(course)}?item=500")
    last = page(f"{address_in(course)}?item=500&page=3")

    assert len(first.select("article")) == 50
    assert "120 posts in all" in first.text
    assert text(last.select("article h3")[-1]) == "Post 119"
    assert len(asked) < 30
    assert sum("FROM person" in one for one in asked) == 1


def test_a_post_cannot_act_on_the_page(page, as_teacher, app):
    course = forum_of(discussion(HOSTILE, post(BEN, HOSTILE, HOSTILE), post(BEN, HOSTILE, HOSTILE)))
    as_teacher(course)

    for soup in (page(address_in(course)), page(f"{address_in(course)}?item=500")):
        assert "Low water" in soup.text
        assert not soup.select("article script")
        assert not soup.select("article [onerror]")


def test_a_forum_shows_pupils_what_it_is_about_alone(page, as_pupil, app):
    course = forum_of(discussion("Secret", post(BEN, "Gulls", "I saw three.")))
    as_pupil(course)

    for soup in (
        page(address_in(course)),
        page(f"{address_in(course)}?item=500"),
        page(f"{address_in(course)}?all=1"),
    ):
        assert "What it is about." in soup.text
        assert not {"Secret", "I saw three.", "Ben Okoro"} & set(soup.stripped_strings)
        assert "Ben" not in soup.main.text


def test_everything_that_is_kept_is_one_link_away(page, as_teacher, app):
    course = forum_of(discussion("Gulls", post(BEN, "Gulls", "I saw three.")), warnafter=9)
    as_teacher(course)

    link = page(address_in(course)).find("a", string="Everything that is kept of it")

    assert "Warnafter" in page(link["href"]).text


def test_an_old_forum_without_most_of_its_leaves_opens(page, as_teacher, app):
    course = restored_with("forum", [*own(), rows("discussions", "discussion", [rows("posts", "post", [])])])
    as_teacher(course)

    assert "A discussion" in page(address_in(course)).text


CHOICE = own(limitanswers=1, allowmultiple=0, timeclose=MADE_AT)
OPTIONS = rows(
    "options", "option", leaves(text="North pier", maxanswers=4), leaves(text=HOSTILE, maxanswers=0)
)
ANSWERS = rows("answers", "answer", leaves(userid=BEN, optionid=1), leaves(userid=AMIRA, optionid=1))


def test_a_choice_says_who_chose_what(page, as_teacher, app):
    course = restored_with("choice", [*CHOICE, OPTIONS, ANSWERS])
    as_teacher(course)

    soup = page(address_in(course))

    first, second = (text(one) for one in soup.select("#options + .list > li"))
    assert first == "North pier for at most 4 2 answers: Ben Okoro, Amira Holt"
    assert second.endswith("0 answers")
    assert not soup.select("main li script")


def test_all_who_chose_something_are_named_by_pages(page, as_teacher, app):
    answers = rows("answers", "answer", *[leaves(userid=who, optionid=1) for who in (*[BEN] * 200, AMIRA)])
    course = restored_with("choice", [*CHOICE, OPTIONS, answers])
    as_teacher(course)

    first = page(page(address_in(course)).select_one("main li a.small")["href"])
    last = page(first.find("a", rel="next")["href"])

    assert len(first.select("#chosen ~ ul li")) == 200
    assert [text(one) for one in last.select("#chosen ~ ul li")] == ["Amira Holt"]


def test_a_choice_shows_pupils_its_options_alone(page, as_pupil, app):
    course = restored_with("choice", [*CHOICE, OPTIONS, ANSWERS])
    as_pupil(course)

    soup, asked = page(address_in(course)), page(f"{address_in(course)}?item=1")

    assert "North pier" in soup.text
    assert "Ben" not in asked.main.text
    assert "answer" not in text(soup.main.select_one("#options + .list"))
    assert "Ben" not in soup.main.text


LINES = rows(
    "messages",
    "message",
    leaves(userid=BEN, groupid=0, system=1, message_text="enter", timestamp=MADE_AT),
    leaves(userid=BEN, groupid=0, system=0, message_text=HOSTILE, timestamp=MADE_AT),
)


def test_a_chat_shows_who_said_what(page, as_teacher, app):
    course = restored_with("chat", [*own(chattime=MADE_AT, schedule=0), LINES])
    as_teacher(course)

    soup = page(address_in(course))

    first, second = (text(one) for one in soup.select("#lines + .list > li"))
    assert first.startswith("Ben Okoro came in, ")
    assert second.endswith("Low water")
    assert not soup.select("main li script")


def test_a_chat_is_not_for_pupils(page, as_pupil, app):
    course = restored_with("chat", [*own(), LINES])
    as_pupil(course)

    soup = page(address_in(course))

    assert "What was said here is seen by the course’s teachers." in soup.text
    assert "Low water" not in soup.text


def a_room():
    settings = own(
        type=0, openingtime=MADE_AT, welcome="<p>Come in</p>", moderatorpass="hush", wait=1, userlimit=30
    )
    joined = leaves(userid=BEN, timecreated=MADE_AT, log="Join", meetingid="m-1", meta="{}")
    recording = leaves(groupid=0, recordingid="r-1", headlesss=0, imported=1, timecreated=MADE_AT)
    return restored_with(
        "bigbluebuttonbn",
        [*settings, rows("logs", "log", joined), rows("recordings", "recording", recording)],
    )


def test_a_room_for_video_meetings_says_who_came_and_what_was_recorded(page, sign_in_as, app):
    course = a_room()
    sign_in_as(make_teacher(course=course))

    soup = page(address_in(course))

    assert "Come in" in soup.text
    assert "At most 30 people" in text(soup.main)
    assert "From another room" in text(soup.select_one("#recordings ~ ul"))
    assert [text(one) for one in soup.select("tbody tr > *")][:2] == ["Ben Okoro", "Joined"]
    assert not any(words in soup.main.text for words in ("hush", "m-1", "r-1"))


def test_pupils_see_the_room_and_not_who_came(page, sign_in_as, app):
    course = a_room()
    sign_in_as(make_person(course=course))

    soup = page(address_in(course))

    assert "Come in" in soup.text
    assert not any(words in soup.main.text for words in ("Ben", "Joined", "hush"))
