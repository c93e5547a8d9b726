"""What people did goes along with a move as far as somebody says so, and the page says beforehand how far that is."""

import pytest

from jobs.engine.moving import EVERYBODY, SHARED
from jobs.engine.undo import undo_job
from tests.archives import HANDOUT_FILE, PAGE_PICTURE, pack_tgz, small_course
from tests.course_documents import StoredFile, activity_documents, document, inforef, leaves, node, person
from tests.factories import join, make_person
from tests.members import same_documents
from tests.pages import form_data, text
from tests.quiz_course import with_activity
from tests.restored import activity, backed_up, restored_once, root
from tests.running import restore, run
from tests.viewing import AMIRA, BEN, CONTEXT, INSTANCE, MODULE, own, parsed
from webapp.content.lookups import sections_of
from webapp.copies import moved_work
from webapp.copies.operations import ask_for_move
from webapp.extensions import db
from webapp.models import CourseFile, CourseRole, Job, JobState, Membership, Person, set_setting

CLEO = 103
PEOPLE = (
    (AMIRA, "aholt", "Amira", "Holt", "a.holt@school.example"),
    (BEN, "bokoro", "Ben", "Okoro", "b.okoro@school.example"),
    (CLEO, "cdiaz", "Cleo", "Diaz", "c.diaz@school.example"),
)
#: Amira in the other course: under a number, a user name and an address of that course.
AMIRA_THERE = (901, "amira", "Amira", "Holt", "amira@harbour.example")
HANDED_IN = [
    StoredFile(810 + who, f"log of {who}.txt", b"Low water at %d\n" % who, CONTEXT, "assignsubmission_file",
               "submission_files", who + 700, who)
    for who in (AMIRA, BEN)
]  # fmt: skip


def source_members():
    """The small course with an assignment: two have handed in, Cleo has graded both."""
    members = small_course(files=(PAGE_PICTURE, HANDOUT_FILE, *HANDED_IN))
    members["users.xml"] = document(node("users", [person(*one) for one in PEOPLE]))
    members["groups.xml"] = document(groups(61, AMIRA, BEN))
    submissions, grades, completed = (
        "".join(each.format(who=who, piece=who + 700, cleo=CLEO) for who in (AMIRA, BEN))
        for each in (
            '<submission id="{piece}"><userid>{who}</userid><status>submitted</status><groupid>0</groupid>'
            "<subplugin_assignsubmission_file_submission><submission_file><numfiles>1</numfiles>"
            "<submission>{piece}</submission></submission_file></subplugin_assignsubmission_file_submission>"
            "</submission>",
            '<grade id="{piece}"><userid>{who}</userid><grader>{cleo}</grader><grade>80.0</grade></grade>',
            '<completion id="{piece}"><userid>{who}</userid><completionstate>1</completionstate></completion>',
        )
    )
    lists = parsed(f"<submissions>{submissions}</submissions><grades>{grades}</grades>")
    element = node("assign", [*own(name="Tide log"), *lists], id=INSTANCE)
    files = [one.id for one in HANDED_IN]
    members |= activity_documents(
        "assign", MODULE, INSTANCE, CONTEXT, element, True, files, (AMIRA, BEN, CLEO)
    )
    folder = f"activities/assign_{MODULE}"
    members[f"{folder}/inforef.xml"] = document(inforef(user=[AMIRA, BEN, CLEO], file=files, group=[61]))
    members[f"{folder}/completion.xml"] = document(
        node("completions", [*parsed(completed), node("completionviews", [])])
    )
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "assign", MODULE, "Tide log")
    return members


def groups(number, *members):
    inside = [node("group_member", leaves(userid=one, timeadded=1), id=number * 10 + one) for one in members]
    red = node("group", [*leaves(name="Red", description=""), node("group_members", inside)], id=number)
    return node("groups", [red, node("groupcustomfields", []), node("groupings", [])])


@pytest.fixture
def course(teacher):
    return restored_once(pack_tgz(source_members()), teacher)


@pytest.fixture
def target(course, teacher, in_background):
    """Another course with Amira in it, who has one account, and with an empty group of the same name."""
    members = small_course(fullname="Harbours", shortname="HARBOURS")
    members["users.xml"] = document(node("users", [person(*AMIRA_THERE)]))
    members["groups.xml"] = document(groups(71))
    members |= {
        name: content.replace(b">101<", b">901<")
        for name, content in members.items()
        if name.endswith(".xml")
    }
    _, target = restore(pack_tgz(members), teacher)
    amira = make_person("amira.holt")
    for one in db.session.query(Person).filter(Person.username.in_(("aholt", "amira"))):
        one.account_id = amira.id
    db.session.commit()
    return target


def address(course, target):
    return f"/courses/{course.id}/activities/{activity(course, 'Tide log').id}/move-to/{target.id}"


def moved(course, target, teacher, work):
    goal = sections_of(target.version_id)[0]
    job, _ = ask_for_move(course, activity(course, "Tide log"), target, goal.id, teacher, work=work)
    job = run(job)
    db.session.expire_all()
    assert job.state == JobState.DONE, job.problem or job.warnings
    return job


def people_in(course):
    return {
        one.first_name: one.moodle_id
        for one in db.session.query(Person).filter_by(version_id=course.version_id)
    }


def handed_in(course):
    """The names of the files that people have handed in."""
    mine = db.session.query(CourseFile).filter_by(version_id=course.version_id, filearea="submission_files")
    return sorted(one.filename for one in mine)


def members_with_a_role(course):
    return {one.user_id: one.role for one in db.session.query(Membership).filter_by(course_id=course.id)}


def who_did(members, document, path):
    """Whom the moved assignment names there."""
    folder = next(name for name in members if name.startswith("activities/assign_")).rpartition("/")[0]
    found = root(members, f"{folder}/{document}.xml").iterfind(path)
    return [int(one.findtext("userid")) for one in found]


def said(page, course, target):
    return text(page(address(course, target)).select_one("#work"))


def test_the_work_of_those_who_are_in_both_courses_goes_along(
    page, client, sign_in_as, course, target, teacher
):
    sign_in_as(teacher)
    before = backed_up(course, teacher), backed_up(target, teacher)
    roles, asked = members_with_a_role(target), said(page, course, target)
    form = page(address(course, target)).main.form
    goal = sections_of(target.version_id)[0]

    client.post(form["action"], data=form_data(form, section_id=goal.id))
    job = run(db.session.query(Job).filter_by(kind="import").one())
    members = backed_up(target, teacher)
    done = text(page(f"/jobs/{job.id}").main)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert "That of 1 person. What 1 other person did stays with the original" in asked
    assert "1 person who is not in Harbours comes into its list of people, without a role" in asked
    assert "The work of 2 people. 2 people who are not in Harbours come into its list" in asked
    assert job.result["work"] == {"comes": 1, "stays": 1, "newcomers": 1}
    amira, cleo = people_in(target)["Amira"], people_in(target)["Cleo"]
    assert (amira, sorted(people_in(target))) == (901, ["Amira", "Cleo"])
    assert who_did(members, "assign", "*/submissions/submission") == [amira]
    assert who_did(members, "assign", "*/grades/grade") == [amira]
    assert who_did(members, "completion", "completion") == [amira]
    assert root(members, "groups.xml").xpath("//group[name='Red']//userid/text()") == [str(amira)]
    assert handed_in(target) == ["log of 101.txt"]
    own = next(name for name in members if name.endswith("/assign.xml"))
    assert root(members, own).xpath("//grades/grade/grader/text()") == [str(cleo)]
    assert members_with_a_role(target) == roles
    assert "with the work of 1 person. What 1 other person did stays with the original" in done

    undo_job(job)

    assert same_documents(before[0], backed_up(course, teacher)) == []
    assert same_documents(before[1], backed_up(target, teacher)) == []


def test_everybodys_work_goes_along_where_that_is_chosen_and_nobody_gets_a_role(course, target, teacher):
    roles = members_with_a_role(target)

    job = moved(course, target, teacher, EVERYBODY)

    assert sorted(people_in(target)) == ["Amira", "Ben", "Cleo"]
    assert handed_in(target) == ["log of 101.txt", "log of 102.txt"]
    assert members_with_a_role(target) == roles
    assert job.result["work"] == {"comes": 2, "stays": 0, "newcomers": 2}


def test_without_a_word_what_people_did_stays(course, target, teacher):
    moved(course, target, teacher, "")

    assert sorted(people_in(target)) == ["Amira"]
    assert handed_in(target) == []


def test_whoever_has_a_role_in_the_other_course_is_in_it(page, sign_in_as, course, target, teacher):
    sign_in_as(teacher)
    ben = make_person("bokoro", course=target)
    db.session.query(Person).filter_by(first_name="Ben").one().account_id = ben.id
    db.session.commit()

    before = said(page, course, target)
    job = moved(course, target, teacher, SHARED)

    assert "The work of 2 people, who are all in Harbours too." in before
    assert handed_in(target) == ["log of 101.txt", "log of 102.txt"]
    assert members_with_a_role(target)[ben.id] == CourseRole.STUDENT
    assert job.result["work"] == {"comes": 2, "stays": 0, "newcomers": 1}


def test_where_much_was_done_it_is_counted_for_whoever_asks(
    page, sign_in_as, course, target, teacher, monkeypatch
):
    monkeypatch.setattr(moved_work, "QUICKLY_READ", 1)
    sign_in_as(teacher)

    asked = page(address(course, target)).main
    counted = text(page(asked.find("a", href=lambda to: to.endswith("?count=1"))["href"]).main)

    assert "That of 1 person." not in text(asked)
    assert "That of 1 person." in counted


def test_where_nobody_is_in_the_other_course_it_stays_unless_somebody_says_otherwise(
    page, sign_in_as, course, target, teacher
):
    sign_in_as(teacher)
    db.session.query(Person).filter_by(version_id=target.version_id).delete()
    db.session.commit()

    offered = {
        one["value"]: one.has_attr("checked") for one in page(address(course, target)).select("#work input")
    }

    assert offered == {"everybody": False, "": True}


def test_who_may_not_see_the_people_of_both_courses_takes_no_work_along(
    page, client, sign_in_as, course, target
):
    set_setting("course_rights", {"see people": ["manager"]}, by=None)
    editor = sign_in_as(make_person(course=course, course_role=CourseRole.MANAGER))
    join(editor, target, CourseRole.EDITING_TEACHER)
    goal = sections_of(target.version_id)[0]

    shown = page(address(course, target)).main
    refused = client.post(shown.form["action"], data={"section_id": goal.id, "work": SHARED})
    job, _ = ask_for_move(course, activity(course, "Tide log"), target, goal.id, editor, work=SHARED)
    job = run(job)

    assert "You may not see the people of both courses" in text(shown)
    assert shown.select("input[name=work]") == []
    assert refused.status_code == 422
    assert (job.state, people_in(target).keys()) == (JobState.FAILED, {"Amira"})
    assert "You may no longer take along what people did in it. Nothing was moved." in job.problem


def test_what_admins_keep_out_of_copies_stays(page, sign_in_as, course, target, teacher):
    sign_in_as(teacher)
    set_setting("backup_people", "no", by=None)
    set_setting("backup_people_locked", True, by=None)
    db.session.commit()

    shown = text(page(address(course, target)).main)

    assert "An admin has set that people stay out of backups and copies" in shown
