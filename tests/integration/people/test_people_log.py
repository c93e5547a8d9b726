"""Admins look through the audit log, and take away what they found."""

import csv
import io
import re

import pytest

from jobs.language import speaking
from tests.factories import keep, make_admin, make_course, make_person, make_teacher
from tests.pages import text
from webapp.access.audit import WORDS
from webapp.extensions import db
from webapp.models import AuditEntry, utc_now
from webapp.people.operations import CHANGEABLE


@pytest.fixture
def admin(sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def nadia(app):
    return make_teacher("nadia")


def done(action="backup made", by=None, course=None, **values):
    of_course = {"course_id": course.id, "course_title": course.fullname} if course else {}
    return keep(AuditEntry(action=action, user_id=by.id if by else None, **of_course, **values))


def rows(page):
    table = page.main.find("table")
    return [text(row) for row in table.tbody.find_all("tr")] if table else []


def taken_away(answer):
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_newest_deed_comes_first_with_who_what_and_where(page, admin, nadia):
    course = make_course(fullname="Reading the tide")
    done("course made", nadia, course, kind="course", thing_id=course.id, title="Reading the tide")
    done("backup downloaded", nadia, course, kind="backup", thing_id=1, title="tide.mbz")

    first, second = rows(page("/people/log"))

    assert "Nadia Okafor" in first
    assert "Backup downloaded" in first
    assert "tide.mbz" in first
    assert "Course made" in second


def test_an_admin_behind_somebody_is_named_with_them(page, admin, nadia):
    done("course made", nadia, behind_id=admin.id)

    (row,) = rows(page("/people/log"))

    assert "Nadia Okafor Ruth Okafor was signed in as them" in row


def test_people_are_named_as_they_are_called_now(page, admin, nadia):
    pip = make_person("pip", first_name="Pip")
    done("member added", nadia, kind="person", thing_id=pip.id, detail="student")
    pip.first_name = "Pippa"
    db.session.commit()

    (row,) = rows(page("/people/log"))

    assert "Pippa Okafor Pupil" in row


def test_an_admin_reads_the_log_in_their_language(page, admin, nadia):
    done("person changed", nadia, kind="person", thing_id=admin.id, detail="first name, role")
    done("setting changed", nadia, title="automatic backups")
    admin.language = "fr"
    db.session.commit()

    schedule, row = rows(page("/people/log"))

    assert "sauvegardes automatiques" in schedule
    with speaking("fr"):
        assert f"{WORDS['person changed']} {admin.name} {str(CHANGEABLE['first_name']).capitalize()}, " in row
    assert db.session.query(AuditEntry).first().detail == "first name, role"


def test_what_nobody_in_particular_did_is_the_program_s(page, admin):
    done("restore undone")

    assert "The program" in rows(page("/people/log"))[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("person=nadia", 2),
        ("person=NADIA@school.example", 2),
        ("person=pip", 1),
        ("course=tide", 1),
        ("course=TIDE%20the", 1),
        ("action=backup+deleted", 1),
        ("since=2026-01-02", 3),
        ("until=2026-01-01", 1),
        ("person=nadia&action=member+added", 1),
        ("person=nadia&action=backup+deleted", 0),
    ],
)
def test_the_log_can_be_searched(page, admin, nadia, query, found):
    pip = make_person("pip")
    old = utc_now().replace(2026, 1, 1, 12, 0)
    done("backup made", admin, make_course(fullname="Reading the tide"), at=old)
    done("backup deleted", admin, make_course(fullname="Stars"))
    done("course made", nadia)
    done("member added", nadia, kind="person", thing_id=pip.id)

    assert len(rows(page(f"/people/log?{query}"))) == found


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [("person=nobody", "person", "Nobody here"), ("since=soon", "since", "A day is written like")],
)
def test_what_can_not_be_looked_for_is_said_at_its_field(page, admin, query, field, reason):
    shown = page(f"/people/log?{query}")

    assert reason in text(shown.find(id=f"{field}-error"))


def test_a_long_log_has_pages_that_keep_the_search(page, admin, nadia):
    for number in range(30):
        done("backup made", nadia, title=f"backup {number}")
    done("course made", admin)

    first = page("/people/log?person=nadia")
    second = page(first.find(rel="next")["href"])

    assert (len(rows(first)), len(rows(second))) == (25, 5)
    assert "backup 29" in rows(first)[0]
    assert second.find(rel="prev")["href"] == "/people/log?page=1&person=nadia"


def test_all_that_was_found_can_be_taken_away_which_is_noted(client, page, admin, nadia):
    db.session.add_all(AuditEntry(action="backup made", user_id=nadia.id, title=f"b{n}") for n in range(1200))
    db.session.commit()
    done("course made", admin)
    link = page("/people/log?person=nadia").find("a", href=re.compile("csv"))

    found = taken_away(client.get(link["href"]))

    assert len(found) == 1200
    assert found[0]["what"] == "b1199"
    assert found[0]["user_name"] == "nadia"
    assert db.session.query(AuditEntry).filter_by(action="log exported").one().user_id == admin.id


def test_no_cell_is_taken_for_a_formula(client, admin, nadia):
    done("file deleted", nadia, title="=HYPERLINK(evil)")

    assert taken_away(client.get("/people/log.csv?action=file+deleted"))[0]["what"] == "'=HYPERLINK(evil)"


def test_only_admins_see_the_log(client, sign_in_as):
    sign_in_as(make_teacher())

    assert client.get("/people/log").status_code == 403
    assert client.get("/people/log.csv").status_code == 403
