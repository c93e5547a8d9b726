"""The gradebook of a restored course: what teachers read in it and take away."""

import csv
import io
import re

import pytest
import sqlalchemy as sa

from tests.archives import pack_tgz
from tests.factories import make_course, make_person, make_teacher
from tests.graded_course import FIELD_WORK, graded_course, graded_members
from tests.pages import text
from tests.viewing import AMIRA, BEN, counted_queries, restored_from
from webapp.extensions import db
from webapp.models import AuditEntry, Person, Record


@pytest.fixture
def course(app):
    return graded_course()


@pytest.fixture
def as_teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def table(soup):
    """The rows of the page's table, each a list of what its cells say."""
    return [[text(cell) for cell in row.select("th, td")] for row in soup.select("main table tr")]


def test_teachers_read_what_each_person_got(page, course, as_teacher):
    soup = page(f"/courses/{course.id}/grades")

    head, amira, ben = table(soup)
    assert head == [
        "Name", "Observation log", "Reads tables Hidden from pupils", "Total of “Field work”", "Course total",
    ]  # fmt: skip
    assert amira == ["Amira Holt", "88.5", "–", "18", "61.5"]
    assert ben == ["Ben Okoro", "41 Hidden from pupils Look again.", "Nearly", "–", "–"]


def test_grades_are_shown_as_percentages_and_letters_where_one_wants_to(page, client, course, as_teacher):
    address = f"/courses/{course.id}/grades"
    percent, letters = (table(page(f"{address}?shown={form}"))[1:] for form in ("percent", "letter"))
    taken = client.get(f"/courses/{course.id}/grades.csv?shown=percent").text

    assert percent[0] == ["Amira Holt", "88.5%", "–", "18%", "61.5%"]
    assert percent[1][1].startswith("41%")
    assert letters[0] == ["Amira Holt", "B+", "–", "F", "D"]
    assert "91.25%" in taken  # 18.25 of 20
    assert table(page(f"{address}?shown=nonsense")) == table(page(address))


def test_grades_are_shown_as_the_course_says_and_its_items_otherwise(page, app, sign_in_as):
    members = graded_members()
    book = members["gradebook.xml"].decode()
    settings = "".join(
        f'<grade_setting id="{number}"><name>{name}</name><value>{value}</value></grade_setting>'
        for number, (name, value) in enumerate({"displaytype": 23, "decimalpoints": 0}.items(), 1)
    )
    letters = "".join(
        f'<grade_letter id="{bound}"><lowerboundary>{bound}.0</lowerboundary><letter>{letter}</letter></grade_letter>'
        for bound, letter in ((0, "Again"), (60, "Passed"))
    )
    book = re.sub(
        r"<grade_letters>.*?</grade_letters>", f"<grade_letters>{letters}</grade_letters>", book, flags=re.S
    )
    book = book.replace("</gradebook>", f"<grade_settings>{settings}</grade_settings></gradebook>")
    log = next(name for name in members if "/assign_" in name and name.endswith("/grades.xml"))
    own = members[log].decode()
    own = own.replace("<decimals>", "<display>1</display><decimals>", 1)
    members |= {"gradebook.xml": book.encode(), log: own.encode()}
    course = restored_from(pack_tgz(members))
    sign_in_as(make_teacher(course=course))

    amira = table(page(f"/courses/{course.id}/grades"))[1]

    assert amira == ["Amira Holt", "88", "–", "18% (Again)", "62% (Passed)"]


def test_a_category_is_shown_by_itself(page, course, as_teacher):
    soup = page(f"/courses/{course.id}/grades?category={FIELD_WORK}")

    head, amira, _ben = table(soup)
    assert head[:1] + head[2:] == ["Name", "Total of “Field work”"]
    assert head[1].startswith("Walk on the quay Locked, ")
    assert amira == ["Amira Holt", "18.25 Set by hand in the gradebook Walked well.", "18"]
    page(f"/courses/{course.id}/grades?category=999", status=404)


def test_people_are_found_by_name(page, course, as_teacher):
    found = page(f"/courses/{course.id}/grades?q=okO")
    nobody = page(f"/courses/{course.id}/grades?q=Zzz")

    assert [row[0] for row in table(found)[1:]] == ["Ben Okoro"]
    assert "Nobody found" in text(nobody.main)


def test_one_persons_grades_stand_together_with_what_was_written(page, course, as_teacher):
    soup = page(f"/courses/{course.id}/grades/people/{BEN}")

    rows = {row[0]: row[1:4] for row in table(soup)}
    assert rows["Observation log"] == ["41 Hidden from pupils", "0 to 100", "Look again."]
    assert rows["Reads tables Hidden from pupils"] == ["Nearly", "Not yet · Nearly · Reached", ""]
    assert soup.main.find("script") is None
    page(f"/courses/{course.id}/grades/people/999", status=404)


def test_the_setup_says_in_words_how_grades_are_made_up(page, course, as_teacher):
    words = text(page(f"/courses/{course.id}/grades/setup").main)

    assert "All of it added up. Course total: 0 to 100." in words
    assert "Observation log 0 to 100 · 50%" in words
    assert "Field work The mean, weighted. The lowest one left out." in words
    assert "0 to 20 · Weight 2 · passes at 10" in words
    assert "How far Not yet · Nearly · Reached" in words
    assert "Reads a tide table Without help. How far: Not yet · Nearly · Reached In Reads tables" in words


def test_all_grades_are_taken_away_as_a_table_and_that_is_noted(client, course, as_teacher):
    answer = client.get(f"/courses/{course.id}/grades.csv")

    head, amira, ben = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert dict(zip(head, amira, strict=True)) | {"email": ""} == {
        "last_name": "Holt", "first_name": "Amira", "username": "aholt", "email": "",
        "Observation log (of 100)": "88.5", "Observation log: feedback": "",
        "Reads tables": "", "Reads tables: feedback": "",
        "Walk on the quay (of 20)": "18.25", "Walk on the quay: feedback": "Walked well.",
        "Total of “Field work” (of 100)": "18", "Total of “Field work”: feedback": "",
        "Course total (of 100)": "61.5", "Course total: feedback": "",
    }  # fmt: skip
    assert ben[head.index("Reads tables")] == "Nearly"
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.detail, entry.course_id) == ("list exported", "grades", course.id)
    assert entry.user_id == as_teacher.id


def test_grades_are_written_as_the_readers_language_writes_numbers(page, client, course, as_teacher):
    as_teacher.language = "fr"
    db.session.commit()

    (_head, amira, *_others) = table(page(f"/courses/{course.id}/grades?shown=percent"))
    setup = text(page(f"/courses/{course.id}/grades/setup").main)
    taken = client.get(f"/courses/{course.id}/grades.csv").text.splitlines()

    assert amira == ["Amira Holt", "88,5 %", "–", "18 %", "61,5 %"]
    assert "50 %" in setup
    assert taken[1].startswith("Holt;Amira;aholt;a.holt@school.example;88,5;;;;18,25;")


def test_pupils_and_strangers_see_no_grades(client, course, sign_in_as):
    for person, status in ((make_person(course=course), 403), (make_teacher(), 404)):
        sign_in_as(person)
        for way in ("grades", "grades/setup", f"grades/people/{AMIRA}", "grades.csv"):
            assert client.get(f"/courses/{course.id}/{way}").status_code == status, way


def test_marks_of_people_without_names_are_not_left_out(page, app, sign_in_as):
    members = graded_members()
    members["gradebook.xml"] = members["gradebook.xml"].replace(b"<userid>101<", b"<userid>4444<")
    course = restored_from(pack_tgz(members))
    sign_in_as(make_teacher(course=course))

    last = table(page(f"/courses/{course.id}/grades"))[-1]

    assert last[0] == "somebody who is not in this course"
    assert last[-1] == "61.5"


def test_a_course_in_which_nothing_is_graded_says_so(page, app, sign_in_as):
    course = make_course()
    sign_in_as(make_teacher(course=course))

    for way in ("grades", "grades/setup"):
        assert "Nothing in this course is graded" in text(page(f"/courses/{course.id}/{way}").main)
    page(f"/courses/{course.id}/grades/people/1", status=404)


def test_a_page_of_grades_is_looked_up_in_an_index_and_asks_as_often_for_many_people(
    page, course, as_teacher
):
    with counted_queries() as asked_for_two:
        page(f"/courses/{course.id}/grades")
    more = [
        Person(
            version_id=course.version_id,
            moodle_id=5000 + one,
            position=one,
            last_name="Many",
            body=b"<user/>",
        )
        for one in range(60)
    ]
    record = db.session.scalars(sa.select(Record).where(Record.graded_id == AMIRA)).first()
    body = record.body.decode()
    db.session.add_all(more)
    db.session.add_all(
        Record(
            version_id=record.version_id, document_id=record.document_id, slot=record.slot, position=one.moodle_id,
            path=record.path, user_data=True, body=body.replace(f">{AMIRA}<", f">{one.moodle_id}<").encode(),
        )
        for one in more
    )  # fmt: skip
    db.session.commit()

    with counted_queries() as asked_for_many:
        soup = page(f"/courses/{course.id}/grades?page=2")

    assert len(table(soup)) == 26
    assert len(asked_for_many) <= len(asked_for_two)
    plans = [
        row[3]
        for asked in asked_for_many
        if "record" in asked and "graded_id" in asked
        for row in db.session.connection().exec_driver_sql(f"explain query plan {asked}", _bound(asked))
    ]
    assert plans
    assert not [plan for plan in plans if "SCAN record" in plan]
    assert any("ix_record_grade" in plan for plan in plans)


def _bound(statement):
    return (1,) * statement.count("?")
