"""The groups of a course: those that came with it and those that are made here, and what a backup says of them."""

import pytest
from lxml import etree

from tests.archives import pack_tgz, small_course
from tests.demands import faults
from tests.factories import make_admin, make_course as make_bare_course, make_person, make_teacher
from tests.members import members_of, same_documents
from tests.pages import form_data, text
from tests.personal_course import personal_course
from tests.running import back_up, restore
from webapp.access.rights import role_in
from webapp.content.groups import groups_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import CourseRole, Membership, User

GULLS = 91


@pytest.fixture
def admin(app, sign_in_as):
    return sign_in_as(make_admin("office"))


@pytest.fixture
def archive():
    return pack_tgz(personal_course())


@pytest.fixture
def course(archive, admin):
    """A restored course with Amira (101) and Ben (102) in the group Gulls."""
    return restore(archive, admin)[1]


@pytest.fixture
def send(page, client):
    """Fill in the form of a page that goes to an address, and send it; returns the page that follows."""

    def fill(address, action, **typed):
        form = page(address).select_one(f"main form[action='{action}']")
        answer = client.post(action, data=form_data(form, **typed))
        assert answer.status_code == 303
        return page(answer.location)

    return fill


def written(course, by):
    """groups.xml of a backup that is made now."""
    _, path = back_up(course, by)
    return etree.fromstring(members_of(path)["groups.xml"])


def names(soup, section):
    return [text(one) for one in soup.select(f"section[aria-labelledby={section}] .act a")]


def make(send, course, kind, name):
    """Make a group or grouping; returns its number."""
    address = f"/courses/{course.id}"
    soup = send(f"{address}/groups", f"{address}/{kind}", **{f"{kind}-name": name})
    return int(soup.select_one("form[action$='/delete'], a[href$='/delete']")["href"].split("/")[-2])


def test_groups_that_came_are_listed_with_who_is_in_them(page, course):
    assert names(page(f"/courses/{course.id}/groups"), "groups") == ["Gulls"]
    soup = page(f"/courses/{course.id}/groups/{GULLS}")
    assert [text(one) for one in soup.select("section[aria-labelledby=inside] .check")] == [
        "Amira Holt aholt",
        "Ben Okoro bokoro",
    ]


def test_what_was_not_touched_is_written_as_it_came(archive, course, admin, send):
    make(send, course, "groups", "Terns")

    _, path = back_up(course, admin)

    original = personal_course()
    assert same_documents(original, members_of(path)) == ["groups.xml"]
    gulls = etree.fromstring(original["groups.xml"]).find("group")
    own = etree.fromstring(members_of(path)["groups.xml"]).find(f"group[@id='{GULLS}']")
    assert etree.tostring(own, method="c14n", strip_text=True) == etree.tostring(
        gulls, method="c14n", strip_text=True
    )


def test_a_group_is_made_filled_renamed_and_stands_in_the_backup(course, admin, send):
    number = make(send, course, "groups", "Terns")
    here = f"/courses/{course.id}/groups/{number}"

    send(here, f"{here}/in", inside=["102"])
    soup = send(here, here, name="Sandwich terns")

    assert "Sandwich terns" in soup.h1.text
    group = written(course, admin).find(f"group[@id='{number}']")
    assert group.findtext("name") == "Sandwich terns"
    assert [one.findtext("userid") for one in group.iter("group_member")] == ["102"]
    assert group.getnext().tag == "groupcustomfields"
    member = group.find("group_members/group_member")
    assert [leaf.tag for leaf in member] == ["userid", "timeadded", "component", "itemid"]


def test_people_are_taken_out_of_a_group_that_came(course, admin, send):
    here = f"/courses/{course.id}/groups/{GULLS}"

    soup = send(here, f"{here}/out", inside=["101"])

    assert "1 person taken out." in soup.text
    group = written(course, admin).find(f"group[@id='{GULLS}']")
    assert [one.findtext("userid") for one in group.iter("group_member")] == ["102"]


def test_a_deleted_group_leaves_its_groupings_and_people_stay(client, page, course, admin, send):
    number = make(send, course, "groupings", "Birds")
    here = f"/courses/{course.id}/groupings/{number}"
    send(here, f"{here}/in", inside=[str(GULLS)])
    assert [one.text for one in written(course, admin).iter("groupid")] == [str(GULLS)]

    address = f"/courses/{course.id}/groups/{GULLS}/delete"
    assert "2 people are in it" in page(address).text
    client.post(address)

    root = written(course, admin)
    assert root.find("group") is None
    assert root.findtext("groupings/grouping/name") == "Birds"
    assert list(root.iter("groupid")) == []
    assert "2 people came with it" in page(f"/courses/{course.id}").text


def test_a_grouping_is_deleted_and_its_groups_stay(client, course, send):
    number = make(send, course, "groupings", "Birds")

    client.post(f"/courses/{course.id}/groupings/{number}/delete")

    assert client.get(f"/courses/{course.id}/groupings/{number}").status_code == 404
    assert [one.name for one in groups_of(course.version_id)] == ["Gulls"]


def test_a_course_without_people_gets_groups_in_its_own_dialect(admin, send):
    members = small_course()
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(
        b"<name>groups</name>\n        <value>1<", b"<name>groups</name>\n        <value>0<"
    )
    course = restore(pack_tgz(members), admin)[1]

    number = make(send, course, "groups", "Terns")

    _, path = back_up(course, admin)
    again = restore(path.read_bytes(), admin)[1]
    assert [(one.moodle_id, one.name) for one in groups_of(again.version_id)] == [(number, "Terns")]
    manifest = etree.fromstring(members_of(path)["moodle_backup.xml"])
    values = {one.findtext("name"): one.findtext("value") for one in manifest.iter("setting")}
    assert values["groups"] == "1"


def test_a_name_that_will_not_do_is_refused(client, course, send):
    number = make(send, course, "groups", "Terns")
    forms = {f"/courses/{course.id}/groups": "groups-name", f"/courses/{course.id}/groups/{number}": "name"}

    for name, sentence in {"Gulls": "There is one of this name already.", " ": "This is empty."}.items():
        for address, field in forms.items():
            answer = client.post(address, data={field: name})
            assert answer.status_code == 422
            assert sentence in answer.text

    assert [one.name for one in groups_of(course.version_id)] == ["Gulls", "Terns"]


def test_only_people_of_the_course_come_into_a_group(client, page, course):
    answer = client.post(f"/courses/{course.id}/groups/{GULLS}/in", data={"inside": ["102", "4711"]})

    assert "0 people put in." in page(answer.location).text
    assert groups_of(course.version_id)[0].members == {101, 102}


def test_who_does_not_edit_looks_at_groups_and_changes_none(page, client, course, sign_in_as):
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))
    here = f"/courses/{course.id}/groups/{GULLS}"

    assert page(here).select("main form") == []
    for deed in ("", "/in", "/out", "/delete"):
        assert client.post(here + deed, data={"name": "x", "inside": "101"}).status_code == 403
    assert groups_of(course.version_id)[0].members == {101, 102}


def test_a_group_that_is_gone_says_so(client, course):
    client.post(f"/courses/{course.id}/groups/{GULLS}/delete")

    assert client.get(f"/courses/{course.id}/groups/{GULLS}").status_code == 404
    assert client.post(f"/courses/{course.id}/groups/{GULLS}/in", data={"inside": "101"}).status_code == 409


def test_a_course_made_here_has_groups_without_people(page, admin):
    soup = page(f"/courses/{make_bare_course().id}/groups")

    assert "No groups yet." in soup.text


@pytest.fixture
def own_course(admin):
    """A course that was made here, with a pupil and a teacher who have accounts."""
    course = make_course("Tides", "TIDE 9", None, admin)
    make_person("pip", course=course), make_teacher("nadia", course=course)
    return course


def test_who_has_a_role_here_comes_into_groups_and_stands_in_backups(page, own_course, admin, send):
    course = own_course
    number = make(send, course, "groups", "Terns")
    here = f"/courses/{course.id}/groups/{number}"
    boxes = page(f"{here}?q=okafor").select("input[name=member]")
    assert len(boxes) == 3

    send(f"{here}?q=pip", f"{here}/in", member=[box["value"] for box in boxes if "pip" in text(box.parent)])
    send(
        f"{here}?q=nadia", f"{here}/in", member=[box["value"] for box in boxes if "nadia" in text(box.parent)]
    )

    _, path = back_up(course, admin)
    members = members_of(path)
    assert faults(path) == []
    users = {one.findtext("username"): one.get("id") for one in etree.fromstring(members["users.xml"])}
    assert set(users) == {"pip", "nadia"}
    group = etree.fromstring(members["groups.xml"]).find("group")
    assert {one.findtext("userid") for one in group.iter("group_member")} == set(users.values())
    enrolled = etree.fromstring(members["course/enrolments.xml"]).iter("enrolment")
    assert {one.findtext("userid") for one in enrolled} == set(users.values())
    roles = {one.get("id"): one.findtext("shortname") for one in etree.fromstring(members["roles.xml"])}
    given = etree.fromstring(members["course/roles.xml"]).iter("assignment")
    held = {one.findtext("userid"): roles[one.findtext("roleid")] for one in given}
    assert held == {users["pip"]: "student", users["nadia"]: "editingteacher"}


def test_who_was_put_into_a_group_here_did_not_come_with_the_course(client, page, own_course, send):
    course = own_course
    number = make(send, course, "groups", "Terns")
    box = page(f"/courses/{course.id}/groups/{number}?q=pip").select_one("input[name=member]")

    client.post(f"/courses/{course.id}/groups/{number}/in", data={"member": box["value"]})

    assert "came with it" not in page(f"/courses/{course.id}").text
    assert "Nobody came with it" in page(f"/courses/{course.id}/people/came").text
    listed = page(f"/courses/{course.id}/people?group={number}")
    assert [text(one) for one in listed.select("tbody th")] == ["Pip Okafor"]
    table = client.get(f"/courses/{course.id}/people.csv").text
    assert "pip,pip@school.example,Pip,Okafor,student,,Terns," in table


def test_a_backup_without_people_does_not_name_who_is_in_groups(page, own_course, admin, client, send):
    course = own_course
    number = make(send, course, "groups", "Terns")
    box = page(f"/courses/{course.id}/groups/{number}?q=pip").select_one("input[name=member]")
    client.post(f"/courses/{course.id}/groups/{number}/in", data={"member": box["value"]})

    _, path = back_up(course, admin, people=False)

    members = members_of(path)
    assert faults(path) == []
    assert [name for name, content in members.items() if name.endswith(".xml") and b"pip" in content] == []
    assert list(etree.fromstring(members["groups.xml"]).iter("group_member")) == []


def test_a_restored_course_takes_in_who_is_new_here(page, course, admin, send):
    make_person("pip", course=course)
    here = f"/courses/{course.id}/groups/{GULLS}"
    box = page(f"{here}?q=pip").select_one("input[name=member]")

    send(f"{here}?q=pip", f"{here}/in", member=box["value"])

    _, path = back_up(course, admin)
    assert faults(path) == []
    again = restore(path.read_bytes(), admin)[1]
    assert len(groups_of(again.version_id)[0].members) == 3
    assert role_in(db.session.query(User).filter_by(username="pip").one(), again.id) == CourseRole.STUDENT


def test_nobody_from_another_course_comes_into_a_group(client, page, course):
    other = make_bare_course()
    stranger = make_person(course=other)
    number = db.session.query(Membership).filter_by(user_id=stranger.id).one().id

    answer = client.post(f"/courses/{course.id}/groups/{GULLS}/in", data={"member": number})

    assert "Nobody was ticked" in page(answer.location).text
