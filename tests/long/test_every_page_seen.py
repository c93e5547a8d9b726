"""Every page there is in a real browser: it shuts nobody out, day and night, wide and narrow, in each language."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.browser.conftest import RULES, check_access, chromium, listen, shoot  # noqa: F401
from tests.conftest import Browser, make_instance, opened_app
from tests.hostile.routes import EXPECTED, GET, address, ways_in
from tests.hostile.school import make_school
from tests.serving import served
from webapp.extensions import db
from webapp.models import User

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(1800)]

WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True}
SCREENS = {"wide": WIDE, "narrow": NARROW}
#: How each page is seen: each width, each light and each language with each of the others.
SEEN = [("wide", "light", "en"), ("wide", "dark", "fr"), ("narrow", "light", "fr"), ("narrow", "dark", "en")]
ASKERS = ("nobody", "pupil", "editing teacher", "admin")


@pytest.fixture(scope="module")
def school(tmp_path_factory, template_database, compiled):
    """One of everything, served; with the cookie of each asker."""
    instance = make_instance(tmp_path_factory.mktemp("school"), template_database)
    with opened_app(instance, compiled) as app:
        school = make_school()
        school.cookies = {asker: cookie_of(app, school.tokens.get(asker)) for asker in ASKERS}
        school.app = app
        with served(instance) as one:
            school.url = one.url
            yield school


def cookie_of(app, token):
    """The cookie of a browser in which somebody is signed in; None of one in which nobody is."""
    browser = Browser(app, app.response_class, use_cookies=True)
    if token:
        with browser.session_transaction() as session:
            session["token"] = token
    return browser.get_cookie(app.config["SESSION_COOKIE_NAME"])


def pages_for(school, asker):
    """The addresses of what the asker may look at, where that is a page."""
    app = school.app
    for rule, way in ways_in(app):
        if way == GET and not EXPECTED[rule.endpoint, way].told(asker):
            browser = Browser(app, app.response_class, use_cookies=True)
            if cookie := school.cookies[asker]:
                browser.set_cookie(cookie.key, cookie.value)
            path = address(rule, school.here)
            answer = browser.get(path)
            if answer.status_code == 200 and answer.data.lower().startswith(b"<!doctype html>"):
                yield path


@pytest.mark.parametrize(("screen", "scheme", "language"), SEEN)
@pytest.mark.parametrize("asker", ASKERS)
def test_no_page_shuts_anybody_out(chromium, school, check_access, shoot, asker, screen, scheme, language):  # noqa: F811
    db.session.execute(sa.update(User).values(language=language))
    db.session.commit()
    context = chromium.new_context(
        base_url=school.url, color_scheme=scheme, locale=language, **SCREENS[screen]
    )
    tab = context.new_page()
    complaints = listen(tab, school.url)
    pages, faults = list(pages_for(school, asker)), []

    for path in pages:
        context.clear_cookies()
        if cookie := school.cookies[asker]:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": school.url}])
        assert tab.goto(path).status == 200, path
        shoot(tab, "-".join([asker, screen, scheme, language, *urlsplit(tab.url).path.split("/")]))
        try:
            check_access(tab, RULES)
        except AssertionError as found:
            faults.append(str(found))
    context.close()

    assert len(pages) >= (3 if asker == "nobody" else 10)
    assert not faults, "\n\n".join(faults)
    assert complaints == []
