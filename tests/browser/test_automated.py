"""An admin begins a round and watches it to its end, without asking for the page again."""

import pytest

pytestmark = pytest.mark.browser


def test_a_round_is_begun_and_watched_to_its_end(tab, sign_in, check_access):
    sign_in(tab)
    tab.goto("/settings/automatic")

    tab.get_by_role("button", name="Begin a round now").click()
    tab.locator("#round").get_by_text("It took").first.wait_for(timeout=60_000)

    assert "Backed up and checked" in tab.locator("#round").inner_text()
    tab.get_by_role("button", name="Stop this round").wait_for(state="detached")
    check_access(tab)
