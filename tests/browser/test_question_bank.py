"""Questions, books, lessons, workshops, packages and tools in a real browser: what they hold shuts nobody out."""

import re

import pytest

from tests.archives import pack_tgz
from tests.browser.restoring import restore_as_new
from tests.course_documents import activity_documents, node
from tests.integration.viewers.test_viewers_packages import SCOES, TOOL
from tests.integration.viewers.test_viewers_reading import CHAPTERS, PAGES, WORKSHOP
from tests.question_bank import bank
from tests.quiz_course import fixed, quiz_course, with_activity
from tests.viewing import own, parsed

pytestmark = pytest.mark.browser

VIEWED = {
    "book": f"<numbering>1</numbering><chapters>{CHAPTERS}</chapters>",
    "lesson": f"<custom>1</custom><pages>{PAGES}</pages>",
    "workshop": WORKSHOP,
    "scorm": f"<scoes>{SCOES}</scoes>",
    "lti": TOOL,
}


@pytest.fixture
def archive(tmp_path):
    """A course with every core type of question, and one activity of each of these types."""
    members = quiz_course([fixed(101), fixed(104), fixed(108)]) | {"questions.xml": bank()}
    for module, (kind, xml) in enumerate(VIEWED.items(), 45):
        element = node(kind, [*own(name=f"The {kind}"), *parsed(xml)], id=module + 10)
        members |= activity_documents(kind, module, module + 10, module + 30, element, True)
        members["moodle_backup.xml"] = with_activity(
            members["moodle_backup.xml"], kind, module, f"The {kind}"
        )
    path = tmp_path / "questions.mbz"
    path.write_bytes(pack_tgz(members))
    return path


@pytest.fixture
def course(tab, sign_in, archive):
    """Where the course is, restored with its people."""
    sign_in(tab)
    return restore_as_new(tab, archive, "QUESTIONS", people=True)


def test_what_a_course_asks_and_teaches_can_be_read(tab, phone, course, sign_in, check_access, shoot):
    sign_in(phone)
    tab.goto(course)
    links = tab.locator("main a").evaluate_all("links => links.map(link => link.href)")
    activities = sorted({link for link in links if re.search(r"/activities/\d+$", link)})
    course_address = activities[0].partition("/activities")[0]
    bank_address = f"{course_address}/questions"

    for address in [*activities, bank_address, f"{bank_address}?category=81"]:
        for window in (tab, phone):
            window.goto(address)
            shoot(
                window,
                f"asked-{address.rpartition('/')[2].replace('?', '-')}-{'tab' if window is tab else 'phone'}",
            )
            check_access(window)

    assert len(activities) >= 8
    assert tab.get_by_text("The North Sea").is_visible()
