"""Each page says in two sentences what it is for."""

import re
import tomllib

from tests.factories import make_admin, make_course
from tests.pages import text
from webapp.guide.page_help import TEXTS, help_with_page

#: Views that answer with something else than a page of their own.
NO_PAGES = {
    "accounts.forgotten_sent",
    "archives.archive_file",
    "archives.archive_json",
    "archives.embedded_file",
    "backups.download",
    "courses.embedded_file",
    "courses.export_grades",
    "courses.file",
    "messages.mail_state",
    "messages.open_message",
    "participants.export",
    "people.export_log",
    "people.export_people",
    "progress.course_warning",
    "progress.course_work",
    "accounts.live_own_work",
    "backups.live_backups",
    "backups.live_mine",
    "progress.job_progress",
    "progress.job_state",
    "progress.live_jobs",
    "static",
}


def test_every_page_for_people_who_are_signed_in_has_its_help(app):
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not getattr(app.view_functions[rule.endpoint], "is_public", False)
    }

    without = {endpoint for endpoint in pages - NO_PAGES if not help_with_page(endpoint)}

    assert not without, "add them to webapp/guide/page_help.toml"


def test_help_is_for_pages_that_exist_and_is_two_sentences(app):
    for blueprint, texts in tomllib.loads(TEXTS.read_text("utf-8")).items():
        for view, words in texts.items():
            assert f"{blueprint}.{view}" in app.view_functions, f"there is no page {blueprint}.{view}"
            assert 1 <= len(re.findall(r"[.?!](?:\s|$)", words)) <= 3, words


def test_the_help_stands_in_a_menu_of_the_page(app, page, sign_in_as):
    sign_in_as(make_admin())
    course = make_course()

    menu = page(f"/courses/{course.id}/backups").select_one(".menu.help")

    assert text(menu.summary) == "Help with this page"
    assert "Every backup of this course" in text(menu)
