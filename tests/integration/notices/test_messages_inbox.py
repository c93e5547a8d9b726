"""The inbox behind the bell: one's own messages, and which of them are new."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.factories import keep, make_teacher
from tests.pages import form_data, text
from webapp.extensions import db
from webapp.messages import unread_count
from webapp.messages.inbox import count_unread
from webapp.models import Message, utc_now


@pytest.fixture
def nadia(sign_in_as):
    return sign_in_as(make_teacher("nadia"))


def make_message(user, subject="Tides is backed up", **values):
    given = {
        "user_id": user.id, "event": "backup_done", "subject": subject, "text": "Dear Nadia",
        "html": "<p>Dear Nadia</p>", "link": "https://elsewhere.example/courses/1/backups",
    }  # fmt: skip
    return keep(Message(**given | values))


def test_new_messages_come_first_and_are_called_new(nadia, page):
    make_message(nadia, "The older one", read_at=utc_now())
    make_message(nadia, "The newer one")

    rows = [text(row) for row in page("/messages").select(".inbox li")]

    assert rows[0].startswith("The newer one Backup done · today")
    assert rows[0].endswith("New")
    assert rows[1].startswith("The older one")
    assert rows[1].endswith("Read")


def test_the_bell_counts_what_is_new(nadia, page):
    make_message(nadia)
    make_message(nadia)
    make_message(nadia, read_at=utc_now())
    make_message(nadia, in_bell=False)
    make_message(make_teacher("luc"))

    bell = page("/messages").select_one(".bell")

    assert text(bell) == "2 2 new messages"


def test_the_bell_costs_one_query_that_an_index_answers(app):
    number = make_teacher("nadia").id
    asked = []

    with recording(db.engine, asked):
        count_unread(number)

    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1]).all()
    assert len(asked) == 1
    assert "COVERING INDEX ix_message_inbox" in str(plan)


@contextmanager
def recording(engine, asked):
    """Note the statements, with their values, that are sent to the database meanwhile."""

    def note(_connection, _cursor, statement, values, _context, _many):
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield
    sa.event.remove(engine, "before_cursor_execute", note)


def test_nobody_has_no_messages(app):
    with app.test_request_context():
        assert unread_count() == 0


def test_opening_a_new_message_marks_it_as_read(nadia, client, page):
    message = make_message(nadia)
    form = page("/messages").select_one(".inbox form")

    answer = client.post(form["action"], data=form_data(form))

    assert answer.status_code == 303
    assert answer.location == f"/messages/{message.id}"
    assert message.read_at is not None
    assert not page(answer.location).select_one(".bell b")


def test_looking_at_a_message_changes_nothing(nadia, page):
    message = make_message(nadia)

    shown = page(f"/messages/{message.id}")

    assert message.read_at is None
    assert "Mark as read" in text(shown.main)
    assert text(shown.select_one("main .flow")) == "Dear Nadia"


def test_a_message_leads_to_what_it_is_about_on_this_very_site(nadia, page):
    message = make_message(nadia)

    button = page(f"/messages/{message.id}").select_one("main .btn.primary")

    assert button["href"] == "/courses/1/backups"
    assert text(button) == "See the backups"


def test_a_mail_that_was_refused_is_told_in_the_message(nadia, page):
    message = make_message(nadia, by_mail=True, mail_problem="The mail server says: 550 No such person")

    shown = text(page(f"/messages/{message.id}").main)

    assert "The mail was not sent. The mail server says: 550 No such person" in shown


def test_all_can_be_marked_as_read_at_once(nadia, client, page):
    mine, foreign = make_message(nadia), make_message(make_teacher("luc"))

    answer = client.post("/messages/read")

    assert (answer.status_code, answer.location) == (303, "/messages")
    assert mine.read_at is not None
    assert foreign.read_at is None
    assert "Mark all as read" not in text(page("/messages"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_person_s_message_is_not_there(nadia, client, method):
    foreign = make_message(make_teacher("luc"))

    answer = getattr(client, method)(f"/messages/{foreign.id}")

    assert answer.status_code == 404
    assert foreign.read_at is None


def test_a_message_that_came_by_mail_alone_is_not_in_the_inbox(nadia, client, page):
    message = make_message(nadia, in_bell=False)

    assert "Tides is backed up" not in text(page("/messages"))
    assert client.get(f"/messages/{message.id}").status_code == 404


def test_an_empty_inbox_says_what_will_come(nadia, page):
    empty = page("/messages").select_one(".empty")

    assert "No messages yet" in text(empty)


def test_many_messages_are_shown_page_by_page(nadia, page):
    for number in range(60):
        make_message(nadia, f"Message {number}")

    last = page("/messages?page=3")

    assert len(last.select(".inbox li")) == 10
    assert "Page 3 of 3" in text(last)
    assert [text(link) for link in last.select("nav[aria-label=Pages] a")] == ["Newer"]


@pytest.mark.parametrize("wild", ["0", "-1", "99", "x"])
def test_a_page_that_is_not_there_shows_the_nearest(nadia, page, wild):
    make_message(nadia)

    assert len(page(f"/messages?page={wild}").select(".inbox li")) == 1


@pytest.mark.parametrize("address", ["/messages", "/messages/1"])
def test_the_inbox_asks_to_sign_in(client, address):
    answer = client.get(address)

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
