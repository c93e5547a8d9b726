"""Looking into a backup: its pages shut nobody out, and its pictures show."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_pages_about_what_is_in_a_backup_shut_nobody_out(tab, phone, sign_in, check_access, shoot):
    sign_in(tab)
    tab.get_by_role("link", name="Reading the night sky").first.click()
    tab.wait_for_url("**/courses/*")
    tab.goto(f"{tab.url}/backups/new")
    tab.get_by_role("button", name="Back up").click()
    expect(tab.get_by_text("Backed up and checked")).to_be_visible(timeout=60_000)
    tab.goto("/backups")
    inside = tab.get_by_role("link", name="Look inside", include_hidden=True).first.get_attribute("href")

    sign_in(phone)
    for window in (tab, phone):
        window.goto(inside)
        check_access(window)
        addresses = {
            link.get_attribute("href") for link in window.locator(f"a[href^='{inside}/activities/']").all()
        }
        for part in ("files", "name", "restore", "delete"):
            window.goto(f"{inside}/{part}")
            check_access(window)
        pictures = 0
        for address in sorted(addresses)[:6]:
            window.goto(address)
            check_access(window)
            widths = window.locator("main img").evaluate_all("all => all.map(one => one.naturalWidth)")
            assert 0 not in widths, f"a picture is missing at {address}"
            pictures += len(widths)
        assert pictures

    tab.goto(inside)
    shoot(tab, "archive")
