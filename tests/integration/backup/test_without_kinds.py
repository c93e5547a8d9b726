"""What is left out of a backup by kind is not in it, and everything else is, as it was."""

import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from jobs.archive.manifest import read_manifest
from jobs.steps.manifests import ROOT_SETTINGS
from jobs.steps.selecting.optional import KINDS
from tests.archives import pack_tgz, small_course
from tests.declared.archive import declared_course
from tests.demands import faults
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.quiz_course import drawn, fixed, quiz_course
from tests.running import back_up, back_up_part, restore
from webapp.backups.operations import needs_what_is_left_out
from webapp.content.groups import groups_of
from webapp.extensions import db
from webapp.models import JobState, Section
from webapp.site_settings.declared import CONTENT


@pytest.fixture
def teacher(app):
    return make_teacher()


@pytest.fixture
def course(teacher):
    """A course with everything that is declared, whose Moodle knew all kinds."""
    _, course = restore(pack_tgz(declared_course(kinds=["forum", "page"]).members()), teacher)
    known = dict.fromkeys(KINDS, "1")
    manifest = course.version.manifest
    course.version.manifest = manifest | {"root_settings": manifest["root_settings"] | known}
    db.session.commit()
    return course


def settings_of(members):
    manifest = read_manifest(io.BytesIO(members["moodle_backup.xml"]))
    return {one.name: one.value for one in manifest.settings if one.level == "root"}


#: These change what is in documents, or which activities there are.
WITHIN = {"role_assignments", "activities", "userscompletion", "questionbank", "groups", "customfield"}
#: These leave out whole documents.
WHOLE = set(KINDS) - WITHIN


def is_of(name, kinds):
    document = name.rpartition("/")[2]
    return ("blocks" in kinds and "/blocks/" in name) or any(
        document in KINDS[kind].documents for kind in kinds
    )


def rows_of(members):
    """The rows of files.xml by their ids: the context, the component and the area of each."""
    leaves = ("contextid", "component", "filearea")
    return {row.get("id"): tuple(map(row.findtext, leaves)) for row in ET.fromstring(members["files.xml"])}


def files_of_kinds(members, kinds):
    """The ids of files that belong to these kinds."""
    blocks = {
        ET.fromstring(members[name]).get("contextid") for name in members if name.endswith("/block.xml")
    }
    places = {place for kind in kinds for place in KINDS[kind].files}
    return {
        number
        for number, (context, component, area) in rows_of(members).items()
        if {(component, area), (component, "")} & places or ("blocks" in kinds and context in blocks)
    }


@pytest.mark.parametrize("kinds", [WHOLE, {"blocks"}], ids=len)
def test_kinds_that_are_left_out_are_not_there_and_all_else_is_as_it_was(teacher, course, kinds):
    _, whole = back_up(course, teacher)
    job, path = back_up(course, teacher, without=sorted(kinds))

    before, after = members_of(whole), members_of(path)
    lost = {name for name in before.keys() - after.keys() if not name.startswith("files/")}
    kept = {name: before[name] for name in before.keys() & after.keys()}
    assert job.warnings == []
    assert lost == {name for name in before if is_of(name, kinds)}
    assert {name for name, value in settings_of(after).items() if name in KINDS and value == "0"} == kinds
    assert same_documents(kept, after) == ["files.xml"]
    assert rows_of(before).keys() - rows_of(after).keys() == files_of_kinds(before, kinds) != set()
    assert set(faults(path)) <= set(faults(whole))


def elements_of(members, name, path):
    """How many elements there are at a path below the root of the documents of this name."""
    return sum(
        len(ET.fromstring(content).findall(path))
        for member, content in members.items() if member.rpartition("/")[2] == name
    )  # fmt: skip


def test_what_stands_within_documents_stays_out_and_the_documents_stay(teacher, course):
    kinds = WITHIN - {"activities"}
    _, whole = back_up(course, teacher)
    job, path = back_up(course, teacher, without=sorted(kinds))

    before, after = members_of(whole), members_of(path)
    assert job.warnings == []
    gone = [
        ("roles.xml", "role_assignments/assignment"), ("users.xml", "user/roles/role_assignments/assignment"),
        ("groups.xml", "group"), ("groups.xml", "groupings/grouping"), ("course.xml", "customfields/customfield"),
        ("completion.xml", "course_completions"), ("inforef.xml", "groupref/group"),
    ]  # fmt: skip
    assert [one for one in gone if not elements_of(before, *one)] == []
    assert [one for one in gone if elements_of(after, *one)] == []
    kept = [("completion.xml", "course_completion_criteria"), ("users.xml", "user"), ("roles.xml", "role")]
    assert [elements_of(after, *one) for one in kept] == [elements_of(before, *one) for one in kept]
    lost = before.keys() - after.keys()
    assert {name for name in lost if not name.startswith("files/")} == {
        name for name in before if name.startswith("activities/") and name.endswith("/completion.xml")
    }
    assert ("group", "icon") in {row[1:] for row in rows_of(before).values()}
    assert not [row for row in rows_of(after).values() if row[1].startswith("group")]
    assert {name for name, value in settings_of(after).items() if name in KINDS and value == "0"} == kinds
    assert set(faults(path)) <= set(faults(whole))


def test_what_needs_them_is_named_beforehand(app, teacher):
    members = small_course()
    page = next(name for name in members if name.endswith("/module.xml") and "page_" in name)
    opens = {"op": "|", "c": [{"type": "group", "id": 5}, {"type": "completion", "cm": 43, "e": 1}]}
    leaf = f"<availability>{json.dumps(opens)}</availability>".encode()
    members[page] = re.sub(rb"<availability>.*?</availability>", leaf, members[page])
    _, course = restore(pack_tgz(members), teacher)
    course.version.manifest = course.version.manifest | {
        "root_settings": dict.fromkeys(["users", *KINDS], "1")
    }

    def needs(**options):
        options = {"people": True, "leave_out": {"sections": [], "activities": []}} | options
        return needs_what_is_left_out(course, options)

    assert needs(without=["blocks"]) == []
    assert "opens only for some groups, and groups stay out." in needs(without=["groups"])[0]
    assert "what people have completed stays out" in needs(without=["userscompletion"])[0]
    assert needs(without=["userscompletion"], people=False) == []
    assert "without their roles" in needs(without=["role_assignments"])[0]


def test_a_backup_without_them_comes_back(teacher, course):
    _, path = back_up(course, teacher, without=sorted(WITHIN))

    job, again = restore(path.read_bytes(), teacher)

    assert (job.state, job.result["activities"]) == (JobState.DONE, 0)
    assert job.result["sections"] > 0
    assert groups_of(again.version_id) == []
    assert faults(path) == []


def test_without_the_question_bank_what_a_quiz_asks_goes_in(app, teacher):
    _, course = restore(pack_tgz(quiz_course([fixed(201), drawn(83)])), teacher)
    known = {"root_settings": dict.fromkeys(["files", "users", *KINDS], "1")}
    course.version.manifest = course.version.manifest | known
    db.session.commit()

    _, path = back_up(course, teacher, without=["questionbank"])

    after = members_of(path)
    entries = ET.fromstring(after["questions.xml"]).iter("question_bank_entry")
    assert {entry.get("id") for entry in entries} == {"201", "204", "205"}
    assert settings_of(after)["questionbank"] == "0"
    assert faults(path) == []


def test_a_section_goes_without_them_as_well(teacher, course):
    section = db.session.query(Section).filter_by(version_id=course.version_id).first()

    _, path = back_up_part(course, section, teacher, without=["comments", "blocks"])

    assert not [name for name in members_of(path) if is_of(name, {"comments", "blocks"})]


def test_where_a_moodle_knew_no_such_choice_its_documents_stay(teacher, course):
    manifest = course.version.manifest
    known = {name: value for name, value in manifest["root_settings"].items() if name != "calendarevents"}
    course.version.manifest = manifest | {"root_settings": known}
    db.session.commit()

    _, path = back_up(course, teacher, without=["calendarevents", "filters"])

    names = {name.rpartition("/")[2] for name in members_of(path)}
    assert ("calendar.xml" in names, "filters.xml" in names) == (True, False)


def test_what_is_no_kind_is_nothing(teacher, course):
    job, path = back_up(course, teacher, without=["nonsense", "../etc"])

    assert (job.warnings, "questions.xml" in members_of(path)) == ([], True)


def test_the_kinds_are_those_that_admins_decide_on_and_that_moodle_has():
    assert list(KINDS) == list(CONTENT)
    assert KINDS.keys() <= ROOT_SETTINGS.keys()
