"""Work shows in the lists of whoever looks on, and turns into what came of it, while they do something else."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import listen

pytestmark = pytest.mark.browser


@pytest.fixture
def second(tab, school, chromium, sign_in):
    """Another browser of the same person."""
    context = chromium.new_context(base_url=school.url, locale="en-GB")
    page = context.new_page()
    complaints = listen(page, school.url)
    sign_in(page)
    yield page
    context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def paused(tab, sign_in):
    """Work is done in the background, and waits until somebody lets it go on; signs the first browser in."""
    sign_in(tab)
    tab.goto("/settings/work")
    tab.locator("input[name=async_jobs][value=on]").check()
    tab.get_by_role("button", name="Save").first.click()
    tab.get_by_text(re.compile("Saved|Nothing was changed")).first.wait_for()
    tab.goto("/jobs")
    tab.get_by_role("button", name="Pause all jobs").click()
    tab.get_by_role("button", name="Let work go on").wait_for()
    yield
    tab.goto("/jobs")
    if tab.get_by_role("button", name="Let work go on").count():
        tab.get_by_role("button", name="Let work go on").click()


def back_up_all(tab, course):
    tab.goto(f"{course}/backups/new")
    tab.get_by_role("button", name="Back up everything now").click()
    tab.wait_for_url("**/jobs/*")


def test_rows_come_and_end_without_a_reload_and_leave_the_keyboard_where_it_is(
    tab, second, paused, check_access, shoot
):
    tab.goto("/")
    course = tab.get_by_role("link", name="Reading the night sky").first.get_attribute("href")
    second.goto(f"{course}/edit")
    second.locator("summary", has_text="More for “").first.click()
    back_up_all(tab, course)
    second.get_by_text("It has not begun yet.").wait_for()
    assert second.locator("details.menu[open]").count() == 1
    check_access(second)
    tab.goto(f"{course}/backups")
    second.goto("/backups")
    waiting = tab.locator("tr.live")
    waiting.get_by_role("link", name="Cancel").focus()
    second.locator("tr.live").wait_for()
    check_access(second)
    shoot(second, "live-row")
    tab.evaluate("window.stayed = true")

    second.goto("/jobs")
    second.get_by_role("button", name="Let work go on").click()
    tab.locator("tr.live").wait_for(state="detached", timeout=60_000)

    expect(tab.locator("tr", has_text="sound").first).to_be_visible()
    assert tab.evaluate("document.activeElement.closest('tr').id").startswith("backup-")
    expect(tab.locator("#live-news")).to_contain_text("Done.")
    assert tab.evaluate("window.stayed")
    second.get_by_text("Done", exact=True).first.wait_for(timeout=30_000)
