"""A new installation says what makes it ready, what each page is for, and shows all its parts."""

import re
from pathlib import Path

import pytest

import webapp
from tests.factories import make_admin, make_course, make_teacher
from tests.pages import form_data, text
from webapp.extensions import db
from webapp.models import set_setting

ICONS = Path(webapp.__file__).parent / "static/icons.svg"


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def done(page):
    """The titles of the steps that the page shows as done."""

    def read():
        steps = page("/first-steps").select(".todo > li")
        assert len(steps) == 6
        return {text(step.h2) for step in steps if step.select_one("[aria-label=Done]")}

    return read


def test_the_page_of_courses_leads_to_the_next_step(ruth, page):
    slip = page("/").select_one(".next-steps")

    assert "First steps: 0 of 6 done" in text(slip)
    assert "Give the school its name." in text(slip)
    assert slip.find("a", href="/settings")
    assert slip.find("a", href="/first-steps")


def test_what_is_done_is_ticked_and_the_next_one_moves_up(ruth, page, done):
    assert done() == set()

    set_setting("site_name", "Larkmere School", by=ruth.id)
    db.session.commit()
    make_teacher()
    make_course()

    assert done() == {"Give the school its name", "Let your colleagues in", "Bring a course, or begin one"}
    assert "3 of 6 done See whether mail arrives." in text(page("/").select_one(".next-steps"))


def test_the_sample_course_is_no_course_of_the_school(ruth, done):
    make_course(shortname="SKY 1")
    assert done() == set()

    make_course(shortname="SKY 8")
    assert done() == {"Bring a course, or begin one"}


def test_put_away_the_guide_is_gone_for_this_admin_alone(ruth, client, page, sign_in_as):
    form = page("/").select_one(".next-steps form")

    answer = client.post(form["action"], data=form_data(form))

    assert (answer.status_code, answer.location) == (303, "/")
    assert not page("/").select_one(".next-steps")
    assert page("/settings").find("a", href="/first-steps"), "the menu for help leads there still"
    sign_in_as(make_admin("sam"))
    assert page("/").select_one(".next-steps")


@pytest.mark.parametrize("address", ["/first-steps", "/styleguide"])
def test_only_admins_see_the_guide(sign_in_as, client, page, address):
    sign_in_as(make_teacher())

    assert client.get(address).status_code == 403
    assert not page("/").select_one(".next-steps")
    assert client.post("/first-steps/close").status_code == 403


def test_all_parts_stand_on_one_page_once(ruth, page):
    shown = page("/styleguide")

    assert len(shown.select("main .notice")) == 5, "four kinds, and one on top of the form"
    assert {one.get("value") for one in shown.select("progress")} == {"62"}
    assert "Did not finish" in text(shown.main)
    assert not shown.select("main [hx-get]"), "what is only shown asks for nothing"


def test_every_icon_is_among_the_parts(ruth, page):
    drawn = set(re.findall(r'id="i-([a-z-]+)"', ICONS.read_text("utf-8")))

    assert {text(one) for one in page("/styleguide").select(".icons li")} == drawn
