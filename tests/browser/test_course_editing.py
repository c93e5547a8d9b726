"""A teacher edits a course with the mouse, with the keyboard, and with the rich-text editor."""

import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RULES
from tests.system.processes import wait_until

pytestmark = pytest.mark.browser


def a_picture():
    """A red PNG of 8 by 8 points."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xff\x00\x00" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def course(tab, sign_in, request):
    """A new course with two sections; the tab stands on its page in edit mode."""
    sign_in(tab)
    tab.goto("/courses/new")
    tab.get_by_label("Full name").fill(f"Tides {request.node.name}"[:100])
    tab.get_by_label("Short name").fill(request.node.name[-40:])
    tab.get_by_label("Sections to begin with").fill("2")
    tab.get_by_role("button", name="Make the course").click()
    tab.wait_for_url("**/edit")
    return tab.url.removesuffix("/edit")


def add_page(tab, course, name, section=1):
    tab.goto(f"{course}/edit")
    tab.get_by_role("link", name="Add to this section").nth(section).click()
    tab.get_by_role("link", name="Page", exact=True).click()
    tab.get_by_label("Name").fill(name)
    tab.get_by_role("button", name="Add it").click()
    tab.wait_for_url("**/edit#*")


def names(tab, section=1):
    return tab.locator(".section").nth(section).locator(".act .what a").all_inner_texts()


def open_editor(tab, course, name):
    tab.goto(course)
    tab.get_by_role("link", name=name).click()
    tab.get_by_role("link", name="Edit", exact=True).click()
    return tab.frame_locator("iframe.tox-edit-area__iframe").first.locator("body")


def put_in_picture(tab):
    """Put a picture into the first text of the page by the editor's dialog."""
    body = tab.frame_locator("iframe.tox-edit-area__iframe").first.locator("body")
    body.click()
    tab.get_by_role("button", name="Insert/edit image").first.click()
    tab.get_by_role("tab", name="Upload").click()
    tab.locator(".tox-dialog input[type=file]").set_input_files(
        {"name": "red sea.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    tab.get_by_label("Alternative description").fill("A red sea")
    tab.locator(".tox-dialog").get_by_role("button", name="Save").click()
    body.locator("img").wait_for()


def test_what_is_written_and_put_in_is_shown(tab, course, check_access):
    add_page(tab, course, "Low water")
    body = open_editor(tab, course, "Low water")
    check_access(tab)

    body.click()
    tab.keyboard.type("Look at the sea.")
    put_in_picture(tab)
    tab.get_by_role("button", name="Save", exact=True).click()

    tab.wait_for_url("**/edit#*")
    tab.goto(course)
    tab.get_by_role("link", name="Low water").click()
    expect(tab.locator(".rich-text")).to_contain_text("Look at the sea.")
    picture = tab.get_by_alt_text("A red sea")
    expect(picture).to_have_js_property("naturalWidth", 8)
    assert "/embedded/" in picture.get_attribute("src")
    check_access(tab)


def test_a_picture_can_be_put_into_a_page_that_is_not_there_yet(tab, course):
    tab.get_by_role("link", name="Add to this section").nth(1).click()
    tab.get_by_role("link", name="Page", exact=True).click()
    tab.get_by_label("Name").fill("High water")
    put_in_picture(tab)
    tab.get_by_role("button", name="Add it").click()

    tab.wait_for_url("**/edit#*")
    tab.goto(course)
    tab.get_by_role("link", name="High water").click()
    picture = tab.get_by_alt_text("A red sea")
    expect(picture).to_have_js_property("naturalWidth", 8)
    assert "/embedded/" in picture.get_attribute("src")


def test_a_text_that_is_only_looked_at_stays_as_it_was(tab, course):
    add_page(tab, course, "Low water")
    tab.get_by_role("link", name="Low water").click()
    tab.get_by_role("link", name="Edit", exact=True).click()
    tab.frame_locator("iframe.tox-edit-area__iframe").first.locator("body").wait_for()
    text = '<p>Odd <b>but</b> ours</p><center>x</center><p style="color:red">y'
    tab.evaluate("text => { hugerte.remove(); document.getElementById('content').value = text }", text)
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.wait_for_url("**/edit#*")

    open_editor(tab, course, "Low water").wait_for()
    tab.get_by_label("Name").fill("High water")
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.wait_for_url("**/edit#*")

    tab.get_by_role("link", name="High water").click()
    tab.get_by_role("link", name="Edit", exact=True).click()
    assert tab.locator("#content").input_value() == text


def test_things_are_moved_by_the_keyboard_alone(tab, course, check_access):
    for name in ("One", "Two", "Three"):
        add_page(tab, course, name)
    check_access(tab)

    tab.get_by_role("button", name="Move “One” down").focus()
    for _ in range(2):
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.innerText.trim() == 'Move “One” down'")

    assert names(tab) == ["Two", "Three", "One"]

    menu = tab.locator(".act details.menu").first
    menu.locator("summary").focus()
    for key in ("Enter", "Tab", "Escape"):
        tab.keyboard.press(key)
    assert not menu.get_attribute("open"), "Escape closes it"
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"


def drag_into(tab, handle, target, name):
    """Drag as a person does: towards a list until the thing lies in it, wherever that has moved meanwhile."""
    start = handle.bounding_box()
    tab.mouse.move(start["x"] + 10, start["y"] + 10)
    tab.mouse.down()
    tab.mouse.move(start["x"] + 20, start["y"] + 20)

    def lies_in_it():
        end = target.bounding_box()
        for distance in (0, 2):
            tab.mouse.move(start["x"] + 20, end["y"] + end["height"] / 2 + distance)
        return target.locator(".act", has_text=name).count()

    wait_until(lies_in_it, f"“{name}” lies in the other list")
    tab.mouse.up()


def test_things_are_dragged_to_another_section(tab, course):
    for name in ("One", "Two"):
        add_page(tab, course, name)
    tab.goto(f"{course}/edit")
    handle = tab.locator(".act", has_text="One").locator("> .icon")
    target = tab.locator(".section").nth(2).locator(".acts")

    with tab.expect_navigation():
        drag_into(tab, handle, target, "One")

    assert names(tab, 1) == ["Two"]
    assert names(tab, 2) == ["One"]


def test_the_forms_of_a_course_shut_nobody_out(tab, phone, course, sign_in, check_access):
    add_page(tab, course, "Low water")
    activity = tab.locator(".act").get_attribute("data-move").removesuffix("/move")
    section = tab.locator(".section[data-move]").first.get_attribute("data-move").removesuffix("/move")
    sign_in(phone)
    of_section = [
        "/edit",
        "/add",
        "/add/page",
        "/add/label",
        "/add/resource",
        "/add/folder",
        "/add/url",
        "/delete",
    ]
    addresses = [f"{section}{one}" for one in of_section]
    addresses += [f"{activity}{one}" for one in ("/edit", "/move", "/delete")]
    addresses += [f"{course}/sections/new", f"{course}/delete", "/categories"]

    for window in (tab, phone):
        for address in addresses:
            window.goto(address)
            texts = window.locator("textarea[data-editor]:not(details:not([open]) *)").count()
            expect(window.locator("iframe.tox-edit-area__iframe")).to_have_count(texts)
            check_access(window)


def test_the_menu_of_an_activity_opens_on_a_phone(tab, phone, course, sign_in, check_access):
    add_page(tab, course, "Low water")
    sign_in(phone)
    phone.goto(f"{course}/edit")

    phone.locator(".act summary").click()

    check_access(phone, RULES)
    expect(phone.get_by_role("button", name="Hide from pupils")).to_be_visible()
