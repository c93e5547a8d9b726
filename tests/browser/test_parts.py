"""A teacher backs up one activity, and leaves one out that another needs."""

import re

import pytest

from tests.archives import pack_tgz, small_course
from tests.browser.restoring import restore_as_new

pytestmark = pytest.mark.browser

RESTRICTION = b'{"op":"&amp;","c":[{"type":"completion","cm":43,"e":1}],"showc":[true]}'


@pytest.fixture
def course(request, tab, sign_in, tmp_path):
    """The small course, in which one may read the page only after the handout."""
    members = small_course()
    module = "activities/page_42/module.xml"
    members[module] = members[module].replace(
        b"<availability>$@NULL@$<", b"<availability>" + RESTRICTION + b"<"
    )
    archive = tmp_path / "course.mbz"
    archive.write_bytes(pack_tgz(members))
    sign_in(tab)
    return restore_as_new(tab, archive, request.node.name)


def test_one_activity_is_backed_up_from_its_menu(tab, course, check_access, shoot):
    tab.goto(f"{course}/edit")
    tab.locator("summary", has_text="More for “Read a tide table”").click()
    tab.get_by_role("link", name="Back up…").locator("visible=true").click()
    shoot(tab, "part-new")
    check_access(tab)

    tab.get_by_role("button", name="Back up", exact=True).click()
    tab.get_by_role("link", name=re.compile("^Download")).wait_for(timeout=60_000)
    check_access(tab)
    tab.goto(f"{course}/backups")

    assert tab.get_by_text("“Read a tide table” only").is_visible()
    shoot(tab, "part-list")
    check_access(tab)


def test_what_needs_a_left_out_activity_is_named_while_one_chooses(tab, course, check_access, shoot):
    tab.goto(f"{course}/backups/new")
    tab.get_by_text("One by one: Week one").click()
    tab.get_by_label("How to fold a chart").uncheck()

    tab.get_by_text("opens only after “How to fold a chart” is completed").wait_for()
    shoot(tab, "part-left-out")
    check_access(tab)
    tab.get_by_label("How to fold a chart").check()
    tab.get_by_text("opens only after").wait_for(state="detached")
