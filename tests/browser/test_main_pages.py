"""An admin looks around: every main page opens, and shuts nobody out."""

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "courses": "/",
    "new course": "/courses/new",
    "copies of several courses": "/courses/copies",
    "deleted courses": "/bin",
    "courses to manage": "/courses/manage",
    "categories": "/categories",
    "backups": "/backups",
    "jobs": "/jobs",
    "history of jobs": "/jobs/history",
    "health": "/health",
    "people": "/people",
    "new person": "/people/new",
    "a list of accounts": "/people/import",
    "roles": "/people/roles",
    "audit log": "/people/log",
    "settings": "/settings",
    "backups and restores": "/settings/backups",
    "limits": "/settings/limits",
    "background work": "/settings/work",
    "what is kept": "/settings/keeping",
    "mails": "/settings/mail",
    "automatic backups": "/settings/automatic",
    "what would go": "/settings/automatic/keeping",
    "damaged backups": "/settings/automatic/damaged",
    "wording": "/settings/messages",
    "messages": "/messages",
    "one's own page": "/me",
    "account": "/account",
    "what one is told": "/account/messages",
    "light or dark": "/account/look",
    "first steps": "/first-steps",
    "all parts": "/styleguide",
}
OF_COURSE = {
    "course": "",
    "edit": "/edit",
    "course settings": "/settings",
    "participants": "/people",
    "those who came": "/people/came",
    "a list of people": "/people/list",
    "beside the sections": "/besides",
    "files": "/files",
    "grades": "/grades",
    "how grades are made up": "/grades/setup",
    "groups": "/groups",
    "questions": "/questions",
    "new section": "/sections/new",
    "bin": "/bin",
    "end of a course": "/delete",
    "backups of a course": "/backups",
    "new backup": "/backups/new",
    "people and files of a backup": "/backups/new?step=content",
    "end of a new backup": "/backups/new?step=review",
    "restore here": "/restore",
    "copy": "/copy",
    "import": "/import",
}
#: Those that have between them every part and every colour.
AT_NIGHT = (
    "all parts",
    "courses",
    "jobs",
    "history of jobs",
    "health",
    "audit log",
    "wording",
    "one's own page",
)


@pytest.fixture
def course_address(tab, sign_in):
    """Where the sample course is."""

    def find(here):
        here.goto("/")
        return here.get_by_role("link", name="Reading the night sky").first.get_attribute("href")

    return find


def test_the_pages_before_the_door_shut_nobody_out(tab, phone, check_access):
    for window in (tab, phone):
        for path in ("/sign-in", "/forgotten"):
            window.goto(path)
            check_access(window)


@pytest.mark.parametrize("screen", ["tab", "phone"])
def test_the_main_pages_shut_nobody_out(request, screen, sign_in, check_access):
    window = request.getfixturevalue(screen)
    sign_in(window)
    for path in PAGES.values():
        window.goto(path)
        check_access(window)


def test_the_pages_of_a_course_shut_nobody_out(tab, phone, sign_in, check_access, course_address):
    for window in (tab, phone):
        sign_in(window)
        course = course_address(window)
        for path in OF_COURSE.values():
            window.goto(course + path)
            check_access(window)


def test_the_activities_of_a_course_can_be_read_and_their_pictures_show(
    tab, sign_in, check_access, course_address
):
    sign_in(tab)
    course = course_address(tab)
    tab.goto(course)
    activities = {
        link.get_attribute("href") for link in tab.locator(f"a[href^='{course}/activities/']").all()
    }

    pictures = 0
    for address in sorted(activities):
        tab.goto(address)
        check_access(tab)
        widths = tab.locator("main img").evaluate_all("all => all.map(one => one.naturalWidth)")
        assert 0 not in widths, f"a picture is missing at {address}"
        pictures += len(widths)

    assert pictures >= 5


def test_at_night_nothing_becomes_hard_to_read(chromium, school, sign_in, check_access):
    context = chromium.new_context(base_url=school.url, color_scheme="dark")
    tab = context.new_page()

    sign_in(tab)
    for name in AT_NIGHT:
        tab.goto(PAGES[name])
        check_access(tab, ["color-contrast"])

    context.close()


def test_a_name_without_a_space_breaks_before_the_page_gets_too_wide(tab, phone, sign_in, check_access):
    sign_in(phone)
    phone.goto("/courses/new")
    phone.get_by_label("Full name").fill("Tidetablesandhowtoreadthem" * 4)
    phone.get_by_label("Short name").fill("TIDETABLES" * 9)
    phone.get_by_role("button", name="Make the course").click()
    phone.wait_for_url("**/courses/*/edit")
    course = phone.url.removesuffix("/edit")
    sign_in(tab)

    for address in (course, f"{course}/backups/new", f"{course}/copy", "/courses/copies", "/people/log"):
        for window in (phone, tab):
            window.goto(address)
            check_access(window)
