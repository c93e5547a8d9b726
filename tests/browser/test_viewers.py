"""The activities of a real course in a real browser, wide and narrow: what they hold shuts nobody out."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.restoring import restore_as_new
from tests.corpus import corpus_file

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


_numbers = count(1)
#: What else is read of the course; 1035 is one of its pupils.
OF_COURSE = ("", "/besides", "/files", "/grades", "/grades/setup", "/grades/people/1035")


@pytest.fixture
def course(tab, sign_in):
    """Where the course with an activity of nearly every type is, restored with its people."""
    sign_in(tab)
    return restore_as_new(tab, corpus_file("tide101-4.5-users"), f"VIEWED {next(_numbers)}", people=True)


def addresses_in(tab, pattern):
    links = tab.locator("main a").evaluate_all("links => links.map(link => link.href)")
    return sorted({link for link in links if re.search(pattern, link)})


def test_every_activity_of_a_course_can_be_read(tab, phone, course, sign_in, check_access, shoot):
    sign_in(phone)
    activities = addresses_in(tab, r"/activities/\d+$")

    for number, address in enumerate(activities):
        tab.goto(address)
        shoot(tab, f"viewer-{number}")
        inside = addresses_in(tab, r"/activities/\d+\?item=\d+$")
        forms = addresses_in(tab, r"/texts/|/questions/\d+/\d+")
        for one in [address, *inside[:1], *forms[:1]]:
            for window in (tab, phone):
                window.goto(one)
                check_access(window)

    assert len(activities) > 12
    for way in OF_COURSE:
        for window in (tab, phone):
            window.goto(course + way)
            check_access(window)


def test_a_text_that_is_folded_away_is_changed_in_the_editor_and_the_others_stay(
    tab, course, check_access, shoot
):
    tab.goto(course)
    tab.get_by_role("link", name="Quiz: words of the water").click()
    tab.get_by_role("link", name="Edit this question “Cause of the tide”").click()
    editors = tab.locator("iframe.tox-edit-area__iframe")
    expect(editors).to_have_count(9)
    tab.get_by_text("What else is said").click()
    expect(editors).to_have_count(15)
    shoot(tab, "question-form")
    check_access(tab)

    tab.frame_locator("iframe.tox-edit-area__iframe >> nth=9").locator("body").fill("Look up at night.")
    tab.get_by_role("button", name="Save").click()

    question = tab.locator("article", has_text="What pulls most of the tide?")
    question.get_by_text("What is said about it").click()
    expect(question.locator("p", has_text="Look up at night.")).to_be_visible()
    expect(question.locator("img")).to_have_count(1)
