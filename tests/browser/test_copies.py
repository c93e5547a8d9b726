"""A teacher copies a course, imports from it, and doubles an activity, in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_course_is_copied_and_filled_from_another(tab, sign_in, check_access):
    sign_in(tab)
    tab.goto("/")
    tab.get_by_role("link", name="Reading the night sky").first.click()
    tab.get_by_text("More", exact=True).click()
    tab.get_by_role("link", name="Copy course…").click()
    tab.get_by_label("Full name").fill("Night sky, next year")
    tab.get_by_label("Short name").fill("SKY NEXT")
    tab.get_by_role("button", name="Copy", exact=True).click()
    tab.get_by_role("heading", name="Copied").wait_for()
    check_access(tab)
    tab.get_by_role("link", name="Open the course").click()

    tab.get_by_text("More", exact=True).click()
    tab.get_by_role("link", name="Import…").click()
    tab.get_by_role("link", name="Reading the night sky", exact=True).click()
    tab.get_by_role("checkbox", name="Finding north").check()
    expect(tab.get_by_role("checkbox", name="Why the Pole Star stays where it is")).to_be_checked()
    check_access(tab)
    tab.get_by_role("button", name="Show what would happen").click()
    tab.get_by_text("Nothing has been changed yet.").wait_for()
    check_access(tab)
    tab.get_by_role("button", name="Import", exact=True).click()
    tab.get_by_role("heading", name="Imported").wait_for()
    tab.get_by_role("link", name="Undo…").click()
    tab.get_by_role("button", name="Take it out").click()
    tab.get_by_text("The course is as it was before.").wait_for()


def test_an_activity_is_doubled_and_the_double_undone(phone, sign_in):
    sign_in(phone)
    phone.goto("/")
    phone.get_by_role("link", name="Reading the night sky").first.click()
    phone.get_by_role("link", name="Edit", exact=True).click()
    phone.locator("summary", has_text="More for “Moon diary”").click()
    phone.get_by_role("button", name="Duplicate").locator("visible=true").click()
    phone.get_by_role("heading", name="Copied").wait_for()
    undo = phone.get_by_role("link", name="Undo…").get_attribute("href")
    phone.get_by_role("link", name="Open the course").click()
    phone.get_by_text("Moon diary (copy)", exact=True).first.wait_for()

    phone.goto(undo)
    phone.get_by_role("button", name="Take it out").click()

    phone.get_by_text("The course is as it was before.").wait_for()
