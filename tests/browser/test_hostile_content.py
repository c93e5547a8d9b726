"""A course whose every text would act, in a real browser: no page of it calls home, moves, or asks elsewhere."""

import re

import pytest

from tests.archives import pack_tgz, save
from tests.browser.conftest import listen
from tests.browser.restoring import restore_as_new
from tests.hostile.payloads import hostile_course

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

#: What hovers, gets the focus, opens and fails to load, on everything that is there.
TEASE = """() => document.querySelectorAll("main *").forEach(one =>
  ["mouseover", "focus", "toggle", "load", "error", "animationstart"].forEach(
    kind => one.dispatchEvent(new Event(kind, {bubbles: true}))))"""


@pytest.fixture
def tab(chromium, school):
    """A window in which pictures may be missing: the texts name some that the course has not."""
    context = chromium.new_context(base_url=school.url, locale="en-GB")
    page = context.new_page()
    complaints = listen(page, school.url)
    yield page
    context.close()
    assert [one for one in complaints if "404" not in one] == []


def test_no_payload_runs(tab, sign_in, tmp_path):
    calls = []
    tab.expose_function("beacon", lambda: calls.append(tab.url))
    tab.on("dialog", lambda dialog: calls.append(dialog.message))
    sign_in(tab)
    archive = save(tmp_path / "hostile.mbz", pack_tgz(hostile_course().members()))
    there = restore_as_new(tab, archive, "HOSTILE", people=True)
    links = tab.locator("main a").evaluate_all("links => links.map(link => link.href)")
    inside = sorted({link for link in links if re.search(r"/activities/\d+$", link)})

    for address in [
        there,
        *(f"{there}{way}" for way in ("/edit", "/people", "/questions", "/grades")),
        *inside,
    ]:
        tab.goto(address)
        tab.evaluate(TEASE)
        assert tab.url == address
    tab.wait_for_load_state("networkidle")

    assert len(inside) > 15
    assert calls == []
