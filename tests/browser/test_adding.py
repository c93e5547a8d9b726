"""A backup is added to a course in a real browser, and taken out again."""

import pytest

from tests.archives import pack_tgz, save, small_course
from tests.browser.restoring import bring, go_on

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path):
    return save(tmp_path / "tides.mbz", pack_tgz(small_course()))


def test_a_backup_is_added_to_a_course_and_goes_out_again(tab, sign_in, file, check_access, shoot):
    sign_in(tab)
    bring(tab, file)
    check_access(tab)

    go_on(tab)
    tab.get_by_label("Added to what a course holds now").check()
    shown = [tab.locator(one).first.is_visible() for one in (".when-new", ".when-into", ".when-chosen")]
    check_access(tab)
    go_on(tab)
    tab.get_by_label("Bring people back").press("Space")
    check_access(tab)
    tab.get_by_label("Bring people back").press("Enter")
    tab.get_by_role("heading", name="There already").wait_for()
    check_access(tab)
    shoot(tab, "adding")
    tab.get_by_role("button", name="Change where it goes").click()
    kept = tab.get_by_label("Added to what a course holds now").is_checked()
    tab.get_by_role("button", name="Look through").click()
    tab.get_by_role("button", name="Restore", exact=True).click()
    tab.get_by_text("What was in the file stands beside what the course had.").wait_for()
    tab.get_by_role("link", name="Undo…").click()
    tab.get_by_role("button", name="Take it out").click()

    tab.get_by_text("The course is as it was before.").wait_for()
    assert shown == [False, True, False]
    assert kept
