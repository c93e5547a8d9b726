"""The whole way a teacher takes: bring a course, look at it, edit it, back it up, and take the file home."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from jobs.archive.survey import survey
from tests.archives import pack_tgz, small_course
from tests.browser.restoring import restore_as_new
from tests.corpus import CORPUS
from tests.members import members_of

pytestmark = pytest.mark.browser


@pytest.fixture
def real_or_small(tmp_path):
    """A real course where it is at hand, else the small one of the tests."""

    def choose(name):
        real = CORPUS / f"{name}.mbz"
        if real.exists():
            return real
        path = tmp_path / "course.mbz"
        path.write_bytes(pack_tgz(small_course()))
        return path

    return choose


@pytest.fixture(params=["on", "off"])
def background(request, tab, sign_in):
    """Sign in, and switch background work on or off as an admin does."""
    sign_in(tab)
    tab.goto("/settings/work")
    tab.locator(f"input[name=async_jobs][value={request.param}]").check()
    tab.get_by_role("button", name="Save").first.click()
    tab.wait_for_load_state()
    return request.param


def picture_is_shown(tab):
    pictures = tab.locator("main img")
    return pictures.count() > 0 and tab.evaluate(
        "Array.from(document.querySelectorAll('main img')).every(one => one.complete && one.naturalWidth > 0)"
    )


def open_a_page_with_a_picture(tab):
    addresses = tab.locator(".act .what a").evaluate_all("links => links.map(link => link.href)")
    course = tab.url
    for address in addresses:
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        if picture_is_shown(tab):
            return
    raise AssertionError(f"no page of {course} shows a picture")


def open_a_page(tab):
    tab.locator(".act", has_text="Page").locator(".what a").first.click()
    tab.wait_for_url("**/activities/*")


def test_pictures_of_a_restored_course_are_shown(tab, background, real_or_small, check_access, shoot):
    restore_as_new(tab, real_or_small("real-3.3-folders-labels"), f"PICTURES {background}")

    open_a_page_with_a_picture(tab)

    check_access(tab)
    shoot(tab, f"story-{background}-picture")


def test_from_a_file_to_a_file(tab, background, real_or_small, check_access, shoot, tmp_path):
    archive = real_or_small("real-3.3-scorm-148-files")
    restore_as_new(tab, archive, f"STORY {background}")
    course = tab.url
    check_access(tab)
    open_a_page(tab)
    check_access(tab)
    shoot(tab, f"story-{background}-page")

    tab.get_by_role("link", name="Edit", exact=True).first.click()
    tab.get_by_label("Name", exact=True).fill("Edited in the story")
    tab.get_by_role("button", name="Save").first.click()
    expect(tab.get_by_role("link", name="Edited in the story")).to_be_visible()

    tab.goto(course)
    tab.get_by_role("link", name="Back up", exact=True).first.click()
    check_access(tab)
    tab.get_by_role("button", name="Next: People and files").click()
    check_access(tab)
    tab.get_by_role("button", name="Next: Look through").click()
    check_access(tab)
    tab.get_by_role("button", name="Back up", exact=True).click()
    download = tab.get_by_role("link", name=re.compile("^Download"))
    download.wait_for(timeout=60_000)
    shoot(tab, f"story-{background}-done")
    check_access(tab)
    with tab.expect_download() as taken:
        download.click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)

    assert re.fullmatch(r"backup-moodle2-course-\d+-story.*\.mbz", path.name)
    verified = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert survey(path).counts.files == survey(archive).counts.files
    assert any(b"Edited in the story" in content for content in members_of(path).values())

    tab.goto("/messages")
    assert tab.get_by_text(f"STORY {background}").count() or tab.get_by_text("backed up").count()
    check_access(tab)
