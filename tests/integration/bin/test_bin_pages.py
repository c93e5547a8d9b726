"""The bin as teachers and admins see it: what is in it, putting back, deleting for ever."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers, queue
from tests.factories import make_admin, make_archive, make_category, make_course, make_person, make_teacher
from tests.pages import form_data, text
from tests.running import run
from webapp.access.audit import set_actor
from webapp.content import activities, sections
from webapp.content.course_settings import delete_course
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course as make_real_course
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import BinEntry, Course, CourseRole, CourseVersion, JobKind, JobState, set_setting, utc_now


@pytest.fixture
def course(app):
    return make_course("TIDE", fullname="Reading the tide")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher("nadia", course=course))


@pytest.fixture
def manager(course, sign_in_as):
    return sign_in_as(make_teacher("luc", course=course, course_role=CourseRole.MANAGER))


def find(course, name):
    return next(one for one in activities_of(course.version_id) if one.name == name)


def names(course):
    return [one.name for one in activities_of(course.version_id)]


def bin_activity(course, name, by=None):
    set_actor(by.id if by else None)
    return activities.delete_activity(course, find(course, name))


def expire(entry):
    with write_transaction() as session:
        session.get_one(BinEntry, entry).keep_until = utc_now() - timedelta(minutes=1)


def keep_for(days):
    set_setting("bin_days", days, by=None)
    db.session.commit()


def undo_form(soup):
    return soup.select_one(".toast form")


def test_right_after_deleting_one_button_puts_it_back(course, teacher, client, page):
    quiz = find(course, "Check yourself")
    there = f"/courses/{course.id}/activities/{quiz.id}"

    asked = page(f"{there}/delete")
    assert "It can come back for 7 days, from the bin of the course." in text(asked.select_one(".notice"))
    client.post(f"{there}/delete")
    toast = page(f"/courses/{course.id}/edit").select_one(".toast")
    assert "“Check yourself” is deleted." in text(toast)
    assert client.get(there).status_code == 404
    answer = client.post(toast.form["action"], data=form_data(toast.form))

    assert answer.location == f"/courses/{course.id}/edit#a{quiz.id}"
    assert "“Check yourself” is back in “At the harbour”." in text(page(f"/courses/{course.id}/edit"))
    assert client.get(there).status_code == 200


def test_a_section_too(course, teacher, client, page):
    section = sections_of(course.version_id)[1]

    client.post(f"/courses/{course.id}/sections/{section.id}/delete")
    form = undo_form(page(f"/courses/{course.id}/edit"))
    assert "Charts" not in names(course)
    client.post(form["action"])

    assert "Charts" in names(course)
    assert "“The tide” is back, with all that was in it." in text(page(f"/courses/{course.id}/edit"))


def test_where_nothing_is_kept_the_question_says_so_and_nothing_can_be_undone(course, teacher, client, page):
    keep_for(0)
    there = f"/courses/{course.id}/activities/{find(course, 'Charts').id}/delete"

    assert "It can’t be taken back." in text(page(there))
    client.post(there)

    after = page(f"/courses/{course.id}/edit")
    assert "“Charts” is deleted." in text(after)
    assert undo_form(after) is None
    assert db.session.scalars(sa.select(BinEntry)).all() == []


def test_the_bin_says_what_is_in_it_where_it_was_and_who_deleted_it(course, teacher, page):
    bin_activity(course, "Charts", teacher)
    bin_activity(course, "Bring a notebook", make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))
    sections.delete_section(course, sections_of(course.version_id)[2])

    rows = [text(row) for row in page(f"/courses/{course.id}/bin").select("tbody tr")]

    assert rows[0].startswith("At the harbour Section Number 2, with 2 activities Today, ")
    assert rows[1].startswith("Bring a notebook Text Start here Today, ")
    assert "by Ruth Adeyemi" in rows[1]
    assert rows[2].startswith("Charts Folder The tide Today, ")
    assert "by you" in rows[2]


def test_the_menu_of_the_course_leads_to_the_bin_only_while_something_is_in_it(course, teacher, page):
    assert "Bin (" not in text(page(f"/courses/{course.id}").select_one(".head"))
    entry = bin_activity(course, "Charts")
    bin_activity(course, "Check yourself")
    expire(entry)

    menu = page(f"/courses/{course.id}").select_one(".head .menu")

    assert "Bin (1)" in text(menu)
    assert "The bin is empty" not in text(page(f"/courses/{course.id}/bin"))


def test_an_empty_bin_says_what_it_is_for(course, teacher, page):
    assert "The bin is empty" in text(page(f"/courses/{course.id}/bin"))
    assert "There is nothing to delete." in text(page(f"/courses/{course.id}/bin/empty"))


def test_deleting_for_ever_asks_with_the_name_and_leaves_nothing(course, teacher, client, page):
    entry = bin_activity(course, "Charts")
    asked = page(f"/courses/{course.id}/bin/{entry}/delete")
    assert "Delete “Charts” for ever?" in text(asked.h1)
    assert names_anywhere("Charts") == 1

    form = asked.select_one("form.measure")
    client.post(form["action"], data=form_data(form))
    leftovers.clear()

    assert "“Charts” is deleted for ever." in text(page(f"/courses/{course.id}/bin"))
    assert names_anywhere("Charts") == 0


def names_anywhere(name):
    versions = db.session.scalars(sa.select(CourseVersion.id)).all()
    return sum(one.name == name for version in versions for one in activities_of(version))


def test_emptying_deletes_what_the_question_listed_and_nothing_that_came_since(course, teacher, client, page):
    bin_activity(course, "Charts")
    form = page(f"/courses/{course.id}/bin/empty").select_one("form.measure")
    assert "Charts" in text(form)
    bin_activity(course, "Check yourself")

    client.post(form["action"], data=form_data(form))

    soup = page(f"/courses/{course.id}/bin")
    assert "The bin is emptied: 1 thing deleted for ever." in text(soup)
    assert [text(row.th) for row in soup.select("tbody tr")] == ["Check yourself Quiz"]


@pytest.mark.parametrize("deed", ["put-back", "delete"])
def test_what_is_not_there_any_more_is_told_and_nothing_happens(course, teacher, client, page, deed):
    entry = bin_activity(course, "Charts")
    there = f"/courses/{course.id}/bin/{entry}/{deed}"
    client.post(there)
    before = names(course)

    answer = client.post(there)

    assert answer.location == f"/courses/{course.id}/bin"
    assert "It is not in the bin any more" in text(page(answer.location))
    assert names(course) == before


def test_what_lay_there_for_its_time_is_told_to_be_gone(course, teacher, client, page):
    entry = bin_activity(course, "Charts")
    expire(entry)

    answer = client.post(f"/courses/{course.id}/bin/{entry}/put-back")

    assert "its time there is over" in text(page(answer.location))
    assert "Charts" not in names(course)


def test_a_number_in_the_bin_is_never_used_for_something_else(course, teacher, client):
    first = bin_activity(course, "Charts")
    client.post(f"/courses/{course.id}/bin/{first}/delete")

    assert bin_activity(course, "Check yourself") > first


def test_what_was_deleted_before_a_restore_replaced_the_course_says_how_it_comes_back(
    course, teacher, client, page
):
    entry = bin_activity(course, "Charts")
    course.version_id = make_course().version_id
    db.session.commit()
    assert "Before the last restore" in text(page(f"/courses/{course.id}/bin"))

    answer = client.post(f"/courses/{course.id}/bin/{entry}/put-back")

    assert "Take that restore back first" in text(page(answer.location))


PARTS = [
    ("get", "/bin"),
    ("post", "/bin/{}/put-back"),
    ("get", "/bin/{}/delete"),
    ("post", "/bin/{}/delete"),
    ("post", "/bin/empty"),
]


@pytest.mark.parametrize(("method", "path"), PARTS)
@pytest.mark.parametrize(
    ("role", "status"), [("pupil", 403), ("teacher without editing", 403), ("stranger", 404)]
)
def test_only_those_who_edit_a_course_get_at_its_bin(course, client, sign_in_as, method, path, role, status):
    roles = {"pupil": CourseRole.STUDENT, "teacher without editing": CourseRole.TEACHER}
    entry = bin_activity(course, "Charts")
    sign_in_as(make_person(course=course, course_role=roles[role]) if role in roles else make_teacher())

    answer = getattr(client, method)(f"/courses/{course.id}{path.format(entry)}")

    assert answer.status_code == status
    assert db.session.get(BinEntry, entry) is not None


@pytest.mark.parametrize(("method", "path"), PARTS[1:4])
def test_the_bin_of_one_course_does_not_open_that_of_another(course, teacher, client, method, path):
    entry = bin_activity(make_course(), "Charts")

    answer = getattr(client, method)(f"/courses/{course.id}{path.format(entry)}")

    assert answer.status_code == 404
    assert db.session.get(BinEntry, entry) is not None


def delete_by_page(client, course):
    return client.post(f"/courses/{course.id}/delete", data={"typed": course.shortname})


def test_right_after_deleting_a_course_one_button_puts_it_back(course, manager, client, page):
    pupil = make_person(course=course)
    assert "It can come back for 7 days, from the bin." in text(page(f"/courses/{course.id}/delete"))

    delete_by_page(client, course)
    soup = page("/")
    assert "“Reading the tide” is deleted." in text(soup.select_one(".toast"))
    assert client.get(f"/courses/{course.id}").status_code == 404
    form = undo_form(soup)
    answer = client.post(form["action"])

    assert answer.location == f"/courses/{course.id}"
    assert "“Reading the tide” is back." in text(page(answer.location))
    back = db.session.get(Course, course.id)
    assert (back.shortname, "Charts" in names(back)) == ("TIDE", True)
    assert pupil.name in text(page(f"/courses/{course.id}/people"))


def test_a_course_in_the_bin_is_nowhere_else(course, manager, client, page):
    archive = make_archive(manager, course)
    delete_by_page(client, course)
    page("/")

    assert "Reading the tide" not in text(page("/"))
    for path in ("", "/edit", "/settings", "/people", "/backups", "/bin", "/delete"):
        assert client.get(f"/courses/{course.id}{path}").status_code == 404, path
    assert client.get(f"/archives/{archive.id}/download").status_code == 200
    assert "Reading the tide" not in text(page("/backups"))
    assert page(f"/archives/{archive.id}/delete").find("a", string="Keep it")["href"] == "/backups"
    assert client.post(f"/archives/{archive.id}/delete").location == "/backups"


def test_its_short_name_is_free_and_it_comes_back_with_a_number(course, manager, client, page):
    delete_by_page(client, course)
    form = undo_form(page("/"))
    other = make_real_course("Other", "TIDE", None, manager)

    answer = client.post(form["action"])

    assert other.shortname == "TIDE"
    assert db.session.get(Course, course.id).shortname == "TIDE (2)"
    assert "Its short name is TIDE (2) now: another course is called TIDE." in text(page(answer.location))


def test_deleted_courses_are_listed_for_those_who_may_put_them_back(course, manager, client, page):
    course.category_id = make_category("Year 9").id
    db.session.commit()
    delete_course(course)
    delete_course(make_course("FOREIGN"))

    assert "1 deleted course in the bin" in text(page("/"))
    rows = [text(row) for row in page("/bin").select("tbody tr")]

    assert len(rows) == 1
    assert rows[0].startswith("Reading the tide Course Year 9 Today, ")


def test_an_admin_sees_all_deleted_courses_and_empties_their_bin(course, sign_in_as, client, page):
    sign_in_as(make_admin())
    for one in (course, make_course("OTHER", fullname="Other")):
        delete_course(one)
    form = page("/bin/empty").select_one("form.measure")
    assert ["Reading the tide" in text(form), "Other" in text(form)] == [True, True]

    client.post(form["action"], data=form_data(form))

    soup = page("/bin")
    assert "The bin is emptied: 2 courses deleted for ever." in text(soup)
    assert "The bin is empty" in text(soup)
    assert db.session.scalars(sa.select(sa.func.count()).select_from(BinEntry)).one() == 0


def test_a_course_deleted_for_ever_takes_its_own_bin_along(course, manager, client, page):
    bin_activity(course, "Charts")
    delete_by_page(client, course)
    entry = db.session.scalars(sa.select(BinEntry.id).where(BinEntry.kind == "course")).one()
    asked = page(f"/bin/{entry}/delete")
    assert "Delete “Reading the tide” for ever?" in text(asked.h1)

    client.post(f"/bin/{entry}/delete")

    assert "“Reading the tide” is deleted for ever." in text(page("/bin"))
    assert db.session.scalars(sa.select(BinEntry)).all() == []


def test_what_was_in_the_bin_of_a_course_is_there_again_with_it(course, manager, client, page):
    bin_activity(course, "Charts")
    delete_by_page(client, course)

    client.post(undo_form(page("/"))["action"])

    assert "Charts" in text(page(f"/courses/{course.id}/bin"))


def test_a_course_whose_time_is_over_goes_by_the_sweep(course, manager):
    other = make_course("OTHER")
    expire(delete_course(course))
    kept = delete_course(other)

    leftovers.clear()

    assert db.session.scalars(sa.select(BinEntry.id)).all() == [kept]
    found = sa.select(Course.shortname)
    assert db.session.scalars(found, execution_options={"with_bin": True}).all() == [
        f"(in the bin: {other.id})"
    ]


def test_the_sweep_leaves_the_content_of_a_course_in_the_bin(course, manager, client):
    entry = delete_course(course)

    leftovers.clear()
    client.post(f"/bin/{entry}/put-back")

    assert "Charts" in names(db.session.get(Course, course.id))


@pytest.mark.parametrize(("method", "path"), PARTS[1:4])
@pytest.mark.parametrize("role", [CourseRole.EDITING_TEACHER, CourseRole.STUDENT, None])
def test_nobody_else_gets_at_a_course_in_the_bin(course, client, sign_in_as, method, path, role):
    person = make_teacher(course=course, course_role=role) if role else make_teacher()
    entry = delete_course(course)
    sign_in_as(person)

    assert getattr(client, method)(path.format(entry)).status_code == 404
    assert db.session.get(BinEntry, entry) is not None
    assert "Reading the tide" not in client.get("/bin").text


@pytest.mark.parametrize(("method", "path"), PARTS[1:4])
def test_the_bin_of_courses_does_not_open_what_was_in_a_course(course, manager, client, method, path):
    entry = bin_activity(course, "Charts")

    assert getattr(client, method)(path.format(entry)).status_code == 404
    assert db.session.get(BinEntry, entry) is not None


@pytest.mark.parametrize("deed", ["put-back", "delete"])
def test_of_two_who_put_a_course_back_the_second_is_told(course, manager, client, page, deed):
    entry = delete_course(course)
    client.post(f"/bin/{entry}/{deed}")

    answer = client.post(f"/bin/{entry}/{deed}")

    assert answer.location == "/bin"
    assert "It is not in the bin any more" in text(page("/bin"))


def test_a_job_on_a_deleted_course_ends_with_the_reason(course, manager):
    job, _ = queue.ask_for(
        JobKind.BACKUP, "course", course.id, user=manager, title=course.fullname, course=course, options={}
    )
    delete_course(course)

    job = run(job)

    assert job.state == JobState.CANCELLED
    assert "was deleted" in job.problem
