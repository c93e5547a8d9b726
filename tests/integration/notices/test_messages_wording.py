"""Admins choose the words of the messages; wrong ones are refused, earlier ones are kept."""

import pytest

from jobs.language import gettext as _, speaking
from tests.factories import make_admin, make_course, make_job, make_teacher
from tests.pages import form_data, fragment, parse, text
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.messages.wording import words_in_use
from webapp.models import Job, JobKind, JobState, Message, MessageTemplate, set_setting
from webapp.notices.events import EVENTS

EDITOR = "/settings/messages/backup_done"


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


@pytest.fixture
def save(client, page):
    """Type words into the editor and send the form."""

    def send(subject="A new subject", body="Dear {user_firstname}", to=EDITOR, **more):
        form = page(EDITOR).select_one("form#words")
        return client.post(to, data=form_data(form, subject=subject, body=body, **more))

    return send


def test_all_messages_are_listed_with_their_words(ruth, page):
    listed = text(page("/settings/messages").main)

    for event in EVENTS.values():
        assert event.title in listed
        assert event.subject in listed
    assert "Changed" not in listed


def test_the_list_says_when_nobody_is_told(ruth, page):
    set_setting("job_messages", False, by=None)
    db.session.commit()

    assert "Nobody is told at present." in text(page("/settings/messages"))


@pytest.mark.parametrize("event", EVENTS)
def test_each_message_has_its_editor(ruth, page, event):
    editor = page(f"/settings/messages/{event}")

    assert editor.select_one("#subject")["value"] == EVENTS[event].subject
    assert editor.select_one("#body").get_text().strip() == EVENTS[event].body
    assert text(editor.select_one(".events a[aria-current]")) == EVENTS[event].short


def test_saved_words_are_in_use_at_once(ruth, save, page):
    answer = save("{course_fullname} is safe", "Look: {link}")

    assert (answer.status_code, answer.location) == (303, EDITOR)
    assert words_in_use("backup_done", "en").subject == "{course_fullname} is safe"
    editor = page(EDITOR)
    assert "Saved. The next message says it like this." in text(editor)
    assert text(editor.select_one(".events a[aria-current]")) == "Done changed"
    assert text(editor.select(".versions li")[0]).startswith("Version 1 Ruth Adeyemi, today")


def test_saving_what_is_there_makes_no_version(ruth, save, page):
    words = EVENTS["backup_done"]

    answer = save(words.subject, words.body.replace("\n", "\r\n"))

    assert answer.status_code == 303
    assert db.session.query(MessageTemplate).count() == 0
    assert "Nothing was changed." in text(page(EDITOR))


def test_an_unknown_word_is_refused_with_its_line_and_the_nearest_one(ruth, save):
    answer = save("Fine", "Dear {user_firstname},\r\n\r\n{course_fullnam} is there.")

    editor = parse(answer.text)
    assert answer.status_code == 422
    assert "Not saved: 1 word in braces is unknown." in text(editor.select_one(".notice.bad"))
    assert text(editor.select_one("#body-error")).startswith(
        "Line 3: there is no {course_fullnam} . Did you mean {course_fullname} ?"
    )
    assert editor.select_one("#body")["aria-invalid"] == "true"
    assert "{course_fullnam} is there." in editor.select_one("#body").get_text()
    assert editor.select_one("mark.bad").get_text() == "{course_fullnam}"
    assert db.session.query(MessageTemplate).count() == 0


def test_an_unknown_word_in_the_subject_is_refused_too(ruth, save):
    answer = save("{Link}", "Fine")

    editor = parse(answer.text)
    assert answer.status_code == 422
    assert text(editor.select_one("#subject-error")).startswith("There is no {Link} . Did you mean {link} ?")
    assert editor.select_one("#subject")["value"] == "{Link}"


@pytest.mark.parametrize(
    ("subject", "body", "words"),
    [
        ("", "Text", "A message needs a subject."),
        ("   ", "Text", "A message needs a subject."),
        ("Subject", "", "A message needs a text."),
        ("Subject", " \r\n ", "A message needs a text."),
        ("S" * 201, "Text", "A subject has at most 200 letters."),
        ("Subject", "T" * 10_001, "A text has at most 10,000 letters."),
    ],
)
def test_a_message_is_never_empty_nor_endless(ruth, save, subject, body, words):
    answer = save(subject, body)

    assert answer.status_code == 422
    assert words in text(parse(answer.text))
    assert db.session.query(MessageTemplate).count() == 0


@pytest.mark.parametrize(
    "code", ["{{7*7}}", "{% raw %}", "{0.__class__}", "<script>alert(1)</script>", "%(link)s"]
)
def test_code_is_text_like_any_other(ruth, save, client, code):
    save("Subject", code)

    shown = fragment(client.post(f"{EDITOR}/preview", data={"subject": code, "body": code}).text)

    assert words_in_use("backup_done", "en").body == code
    assert code in shown.select_one("article .text").get_text()
    assert not shown.find("script")


def test_words_that_somebody_else_saved_meanwhile_are_not_lost(ruth, save, page, client):
    form = page(EDITOR).select_one("form#words")
    luc = make_admin("luc", first_name="Luc", last_name="Perrin")
    with write_transaction() as session:
        session.add(MessageTemplate(event="backup_done", subject="Luc’s", body="Luc’s", author_id=luc.id))

    answer = client.post(EDITOR, data=form_data(form, subject="Mine", body="Mine"))

    editor = parse(answer.text)
    assert answer.status_code == 422
    assert "Not saved: Luc Perrin saved other words" in text(editor.select_one(".notice.warn"))
    assert editor.select_one("#subject")["value"] == "Mine"
    assert words_in_use("backup_done", "en").subject == "Luc’s"
    again = client.post(EDITOR, data=form_data(editor.select_one("form#words")))
    assert again.status_code == 303
    assert words_in_use("backup_done", "en").subject == "Mine"


def test_an_earlier_version_can_be_looked_at_and_put_back(ruth, save, client, page):
    save("First", "The first text")
    save("Second", "The second text")
    row = page(EDITOR).select(".versions li")[1]

    version = page(row.a["href"])
    answer = client.post(row.form["action"])

    assert [text(letter) for letter in version.select("article.letter")] == [
        "First The first text",
        "Second The second text",
    ]
    assert [text(one) for one in version.select("mark")] == ["First", "first", "Second", "second"]
    assert answer.status_code == 303
    assert words_in_use("backup_done", "en").body == "The first text"
    assert db.session.query(MessageTemplate).count() == 3


def test_the_words_that_came_with_the_program_can_be_put_back(ruth, save, client, page):
    save("First", "The first text")
    editor = page(EDITOR)
    row, beside = editor.select(".versions li")[-1], editor.select_one("details[open] article")

    came = page(row.a["href"])
    answer = client.post(row.form["action"])

    assert EVENTS["backup_done"].subject in text(came.main)
    assert EVENTS["backup_done"].subject in text(beside)
    assert not page(EDITOR).select("details[open] article")
    assert answer.status_code == 303
    assert words_in_use("backup_done", "en").body == EVENTS["backup_done"].body
    put_back = page(row.a["href"])
    assert "These are the words in use" in text(put_back.main.parent)
    assert not put_back.select("mark, form[action*=versions]")
    assert text(page(EDITOR).select_one(".events a[aria-current]")) == "Done"


def test_each_language_has_words_of_its_own(ruth, save, client, page):
    french = page(f"{EDITOR}?language=fr")
    form = french.select_one("form#words")

    client.post(form["action"], data=form_data(form, subject="C’est fait", body="Bonjour {user_firstname}"))

    there = page(f"{EDITOR}?language=fr")
    version = there.select(".versions li")[0]
    assert text(there.select_one("nav.small a[aria-current]")) == "Français"
    assert text(version).startswith("Version 1 Ruth Adeyemi")
    assert there.select_one("#subject")["value"] == words_in_use("backup_done", "fr").subject == "C’est fait"
    assert words_in_use("backup_done", "en").subject == EVENTS["backup_done"].subject
    assert len(page(EDITOR).select(".versions li")) == 1
    client.post(there.select(".versions form")[-1]["action"])
    earlier = page(f"{EDITOR}/versions/{words_in_use('backup_done', 'fr').version.id - 1}")
    assert "C’est fait" in text(earlier.main)
    assert earlier.select_one(".crumbs a[href*=backup_done]")["href"] == f"{EDITOR}?language=fr"
    assert words_in_use("backup_done", "fr").subject != "C’est fait"


def test_a_test_in_another_language_says_so_in_it(ruth, client, page):
    form = page(f"{EDITOR}?language=fr").select_one("form#words")

    client.post(f"{EDITOR}/test?language=fr", data=form_data(form, subject="Fini", body="{operation}"))

    message = db.session.query(Message).one()
    with speaking("fr"):
        assert (message.subject, message.text) == (
            _("Test: %(subject)s", subject="Fini"),
            _("Backup").lower(),
        )


def test_another_message_s_version_is_not_there(ruth, save, client):
    save("First", "The first text")
    version = db.session.query(MessageTemplate).one()

    address = f"/settings/messages/restore_done/versions/{version.id}"

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_without_a_job_the_preview_has_made_up_values(ruth, page):
    shown = page(EDITOR).select_one("#preview")

    assert "Dear Ruth," in text(shown)
    assert "Tides and Coasts, Year 9 is backed up" in text(shown)
    assert "made-up values" in text(shown)


def test_the_preview_is_filled_in_from_the_last_real_job(ruth, page):
    course = make_course(fullname="Rivers and Floodplains")
    make_job(make_teacher("luc"), course, state=JobState.DONE)
    make_job(make_teacher("ines"), make_course(fullname="Other"), state=JobState.FAILED)

    shown = page(EDITOR).select_one("#preview")

    assert "Rivers and Floodplains is backed up" in text(shown)
    assert "Dear Ruth," in text(shown)
    assert "Filled in from a real job: “Rivers and Floodplains”" in text(shown)


def test_what_is_being_typed_is_previewed_and_not_saved(ruth, client):
    typed = {"subject": "S {site_name}", "body": "Hello {user_firstnam}", "view": "text"}

    answer = client.post(f"{EDITOR}/preview", data=typed)

    shown = fragment(answer.text)
    assert answer.status_code == 200
    assert shown.find("input", checked=True)["value"] == "text"
    assert "S Our school" in text(shown)
    assert shown.select_one("mark.bad").get_text() == "{user_firstnam}"
    assert db.session.query(MessageTemplate).count() == 0


def test_without_script_a_button_shows_how_it_will_look(ruth, save):
    answer = save("Just a look", "at {site_name}", look="Show how it will look")

    editor = parse(answer.text)
    assert answer.status_code == 422
    assert "at Our school" in text(editor.select_one("#preview"))
    assert editor.select_one("#subject")["value"] == "Just a look"
    assert db.session.query(MessageTemplate).count() == 0


def test_a_test_goes_to_the_admin_alone_in_the_words_on_the_page(ruth, save, page):
    answer = save("Unsaved {site_name}", "Dear {user_firstname}", to=f"{EDITOR}/test")

    message = db.session.query(Message).one()
    job = db.session.query(Job).one()
    assert (answer.status_code, answer.location) == (303, f"/settings/mail/{message.id}")
    assert (message.user_id, message.subject, message.text) == (
        ruth.id,
        "Test: Unsaved Our school",
        "Dear Ruth",
    )
    assert (message.in_bell, message.by_mail) == (False, True)
    assert (job.kind, job.target_id, job.user_id) == (JobKind.MAIL, message.id, ruth.id)
    assert page(answer.location).select_one("#answer .slip")
    assert db.session.query(MessageTemplate).count() == 0


def test_a_test_of_unknown_words_is_refused(ruth, save):
    answer = save("Fine", "{nobody}", to=f"{EDITOR}/test")

    assert answer.status_code == 422
    assert "No test was sent. Line 1: there is no {nobody}." in text(parse(answer.text).select_one("#answer"))
    assert db.session.query(Message).count() == 0


def test_a_message_that_does_not_exist_has_no_editor(ruth, client):
    assert client.get("/settings/messages/copy_eaten").status_code == 404


ADMIN_PAGES = [
    ("get", "/settings/messages"), ("get", EDITOR), ("post", EDITOR), ("post", f"{EDITOR}/preview"),
    ("post", f"{EDITOR}/test"), ("get", f"{EDITOR}/versions/1"), ("post", f"{EDITOR}/versions/1"),
    ("get", f"{EDITOR}/versions/first"), ("post", f"{EDITOR}/versions/first"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address"), ADMIN_PAGES)
def test_only_admins_choose_the_words(sign_in_as, client, method, address):
    sign_in_as(make_teacher())

    answer = getattr(client, method)(
        address, data={"subject": "s", "body": "b"} if method == "post" else None
    )

    assert answer.status_code == 403
    assert db.session.query(MessageTemplate).count() == 0
