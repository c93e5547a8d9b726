"""An admin looks after the people of the school, on a wide screen and on a telephone."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def newcomer():
    """Make somebody through the form; returns the address of their page."""

    def make(tab, username):
        tab.goto("/people/new")
        tab.get_by_label("First name").fill("Nadia")
        tab.get_by_label("Last name").fill("Brandt")
        tab.get_by_label("User name").fill(username)
        tab.get_by_role("button", name="Make the account").click()
        tab.wait_for_url(lambda url: not url.endswith("/new"))
        tab.goto(f"/people?q={username}")
        return tab.get_by_role("link", name="Nadia Brandt").get_attribute("href")

    return make


@pytest.mark.parametrize("window", ["tab", "phone"])
def test_somebody_is_looked_as_and_then_removed(request, sign_in, check_access, newcomer, shoot, window):
    tab = request.getfixturevalue(window)
    sign_in(tab)
    address = newcomer(tab, f"nadia.{window}")

    tab.goto(address)
    check_access(tab)
    tab.get_by_role("button", name="Sign in as Nadia").click()
    tab.get_by_text("You are looking as Nadia Brandt").wait_for()
    check_access(tab)
    shoot(tab, f"looking-{window}")
    tab.get_by_role("button", name="Go back to").click()
    tab.wait_for_url(f"**{address}")

    tab.get_by_role("link", name="Remove Nadia…").click()
    check_access(tab)
    shoot(tab, f"removing-{window}")
    tab.get_by_label("User name", exact=True).fill(f"nadia.{window}")
    tab.get_by_role("button", name="Remove Nadia").click()
    tab.get_by_text("Nadia Brandt is removed.").wait_for()

    tab.goto("/people/log?action=person+removed")
    assert tab.get_by_text("Somebody who was removed").first.is_visible()
    check_access(tab)


@pytest.mark.parametrize("window", ["tab", "phone"])
def test_a_role_is_given_a_right_and_put_back(request, sign_in, check_access, window):
    tab = request.getfixturevalue(window)
    sign_in(tab)

    tab.goto("/people/roles")
    tab.get_by_label("Teacher without editing: Back it up").check()
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("As it came: manager, teacher.").first.wait_for()
    check_access(tab)

    tab.get_by_role("button", name="Put it back as it came").click()
    tab.get_by_text("All roles may again what they might at first.").wait_for()
