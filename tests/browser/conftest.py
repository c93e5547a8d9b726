"""A real Chromium before a real server, that listens for everything that goes wrong in a page."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.serving import served

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = (Path(__file__).parent / "vendor/axe-4.14.1.min.js").read_text("utf-8")
#: Parts of others that we can't change: the handle under the editor (docs/accessibility.md).
FOREIGN = [[".tox-statusbar"]]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What depends on how wide a window is. All else is as in a wide one; tests/long/test_every_page_seen.py tries it all.
NARROW_RULES = ["target-size", "scrollable-region-focusable"]
NARROW = 600
SHOTS = Path(__file__).parents[1] / "shots"


@pytest.fixture(scope="session")
def chromium():
    """The browser: one that is installed, else Playwright's own (see find-chromium)."""
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def school(tmp_path_factory):
    """An installation with its first admin and the sample course, served for all browser tests."""
    with served(tmp_path_factory.mktemp("browser") / "school") as one:
        yield one


@pytest.fixture
def tab(chromium, school):
    """A fresh browser window, wide, on the school's address. The test fails if a page complains in it."""
    yield from open_tab(chromium, school, viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(chromium, school):
    """The same on a narrow screen that is touched."""
    yield from open_tab(
        chromium, school, viewport={"width": 320, "height": 700}, has_touch=True, is_mobile=True
    )


def open_tab(chromium, school, **how):
    context = chromium.new_context(base_url=school.url, locale="en-GB", **how)
    page = context.new_page()
    complaints = listen(page, school.url)
    yield page
    context.close()
    assert not complaints, "\n".join(complaints)


def listen(page, url):
    """Collect what a page complains about: errors, policy, and requests that lead away from us."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(f"script failed: {error}"))
    page.on(
        "console", lambda said: complaints.append(f"console: {said.text}") if said.type == "error" else None
    )
    page.on(
        "request",
        lambda asked: complaints.append(f"asked elsewhere: {asked.url}") if leads_away(asked, url) else None,
    )
    return complaints


def leads_away(request, url):
    return not request.url.startswith((url, "data:", "blob:", "about:"))


@pytest.fixture
def sign_in(school):
    """Sign in on a tab, as the first admin if nobody else is named."""

    def enter(tab, username=school.username, password=school.password):
        tab.goto("/sign-in")
        tab.get_by_label("User name").fill(username)
        tab.get_by_label("Password", exact=True).fill(password)
        tab.get_by_role("button", name="Sign in").click()
        tab.wait_for_url(lambda url: "sign-in" not in url)

    return enter


@pytest.fixture
def check_access():
    """Have axe look at a page; fail with what it finds. Also fails where the page has to be moved sideways."""

    def look(tab, rules=RULES):
        tab.wait_for_load_state()
        tab.evaluate(AXE)
        # What passes need not be described: that takes longer than to find what does not.
        asked = {"runOnly": rules, "resultTypes": ["violations"]}
        found = tab.evaluate("([exclude, asked]) => axe.run({exclude}, asked)", [FOREIGN, asked])[
            "violations"
        ]
        faults = [
            f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]
        ]
        over = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"the page is {over} pixels wider than the window")
        assert not faults, f"{tab.url}\n" + "\n".join(faults)

    return look


@pytest.fixture
def shoot(request):
    """Keep a picture of a page under tests/shots, to look at."""

    def keep(tab, name):
        SHOTS.mkdir(exist_ok=True)
        tab.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return keep
