"""An admin pauses all work, a teacher is told why theirs waits, and it goes on by itself in front of them."""

import pytest

from tests.browser.conftest import RULES

pytestmark = pytest.mark.browser


def test_a_pause_from_both_sides(tab, phone, sign_in, check_access):
    for window in (tab, phone):
        sign_in(window)
    tab.goto("/settings/work")
    tab.locator("input[name=async_jobs][value=on]").check()
    tab.get_by_role("button", name="Save").first.click()
    tab.goto("/jobs")
    tab.get_by_role("button", name="Pause all jobs").click()

    phone.goto("/")
    phone.get_by_role("link", name="Reading the night sky").first.click()
    course = phone.url
    phone.goto(f"{course}/backups/new")
    phone.get_by_role("button", name="Back up everything now").click()
    phone.wait_for_url("**/jobs/*")
    phone.get_by_text("Waiting: an admin has paused all jobs").wait_for()
    check_access(phone, RULES)

    tab.goto("/jobs")
    tab.get_by_text("All jobs are paused.").wait_for()
    tab.get_by_role("button", name="Put first").wait_for()
    check_access(tab)
    tab.get_by_role("button", name="Let work go on").click()

    phone.get_by_role("heading", name="Backed up and checked").wait_for()
    phone.goto("/me")
    phone.get_by_role("link", name="Backup of Reading the night sky").first.wait_for()
    check_access(phone, RULES)
