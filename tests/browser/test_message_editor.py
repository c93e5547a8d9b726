"""An admin words a message: sees it at once, is helped with the words in braces, and gets a test."""

import subprocess

import pytest
from playwright.sync_api import expect

from tests.serving import COMMAND, ROOT

pytestmark = pytest.mark.browser

EDITOR = "/settings/messages/restore_done"


def test_what_is_typed_is_seen_at_once(tab, sign_in):
    sign_in(tab)
    tab.goto(EDITOR)
    expect(tab.locator("#unsaved")).to_be_hidden()

    tab.get_by_label("Text", exact=True).fill("Dear {user_firstname}, {course_nam} is there.")

    expect(tab.locator("#preview mark.bad")).to_have_text("{course_nam}")
    expect(tab.locator("#unsaved")).to_be_visible()


def test_the_way_it_is_looked_at_and_the_cursor_stay_while_typing(tab, sign_in):
    sign_in(tab)
    tab.goto(EDITOR)
    tab.locator("label", has_text="Plain text").click()

    tab.get_by_label("Text", exact=True).press_sequentially("Now then. ")

    expect(tab.locator("#preview pre")).to_contain_text("Now then.")
    expect(tab.get_by_label("Text", exact=True)).to_be_focused()
    expect(tab.locator("#preview pre")).to_be_visible()


def test_a_word_is_put_where_the_cursor_is(tab, sign_in):
    sign_in(tab)
    tab.goto(EDITOR)
    tab.get_by_label("Subject").fill("From  to you")
    tab.get_by_label("Subject").evaluate("field => field.setSelectionRange(5, 5)")

    tab.get_by_role("button", name="{site_name}").click()

    expect(tab.get_by_label("Subject")).to_have_value("From {site_name} to you")
    expect(tab.get_by_label("Subject")).to_be_focused()


def test_a_wrong_word_is_put_right_by_a_button(chromium, school, sign_in, check_access):
    # Not the listening tab: Chromium itself calls a refused form an error.
    context = chromium.new_context(base_url=school.url)
    page = context.new_page()
    sign_in(page)
    page.goto(EDITOR)
    page.get_by_label("Text", exact=True).fill("Hello {user_firstnam} and {user_firstnam}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("1 word in braces is unknown")
    check_access(page)

    page.get_by_role("button", name="Put it right").click()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved. The next message says it like this.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Hello {user_firstname} and {user_firstname}")
    context.close()


@pytest.fixture(scope="session")
def ruth(school):
    """An admin whom mails can reach: user name and password."""
    account = ("ruth", "a lighthouse at noon")
    told = [
        "user",
        "add",
        account[0],
        "--email",
        "ruth@school.example",
        "--role",
        "admin",
        "--password-stdin",
    ]
    command = [*COMMAND, "--instance", str(school.instance), *told]
    subprocess.run(command, cwd=ROOT, input=account[1] + "\n", text=True, check=True, capture_output=True)
    return account


def test_a_test_is_sent_without_leaving_what_was_typed(tab, ruth, sign_in, check_access):
    sign_in(tab, *ruth)
    tab.goto(EDITOR)
    tab.get_by_label("Subject").fill("Not saved, but sent")

    tab.get_by_role("button", name="Send a test to me").click()

    expect(tab.locator("#answer")).to_contain_text("It lies in the mail folder", timeout=15_000)
    expect(tab.get_by_label("Subject")).to_have_value("Not saved, but sent")
    check_access(tab)
    tab.get_by_role("link", name="Read it").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Test: Not saved, but sent")
    check_access(tab)
    tab.goto("/settings/mail")
    check_access(tab)


def test_the_editor_shuts_nobody_out(tab, phone, sign_in, check_access):
    for window in (tab, phone):
        sign_in(window)
        for path in (EDITOR, f"{EDITOR}/versions/first", "/settings/mail"):
            window.goto(path)
            check_access(window)
