"""Questions that come into a course: what says which of them a quiz draws goes on saying it."""

import json
import xml.etree.ElementTree as ET

import pytest

from jobs.archive.survey import survey
from jobs.engine.dry_run import dry_run
from jobs.engine.undo import undo_restore
from tests.added import leaf_texts
from tests.archives import pack_tgz, small_course
from tests.course_documents import activity_documents, leaves, node
from tests.demands import PROLOG, faults
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.quiz_course import drawn, fixed, quiz_course, with_activity
from tests.running import back_up, merge, read_archive, restore
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Activity, Course

TAGGED = '<tags><tag id="{0}" contextid="70"><name>tide</name><rawname>{1}</rawname></tag></tags></question>'
PAGE = "activities/page_42/page.xml"
FILTERS = ".//question_set_reference/filtercondition"


def tagged(number, name, site):
    """A course of a site with a tag on its questions, and a quiz that draws by it."""
    members = quiz_course([drawn(81)])
    members["questions.xml"] = members["questions.xml"].replace(
        b"</question>", TAGGED.format(number, name).encode()
    )
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(b"0f" * 16, site * 32)
    by_tag = b'{"filter": {"qtagids": {"jointype": 1, "values": [%d]}, ' % number
    members["activities/quiz_44/quiz.xml"] = members["activities/quiz_44/quiz.xml"].replace(
        b'{"filter": {', by_tag
    )
    return pack_tgz(members)


@pytest.mark.parametrize(("site", "draws"), [(b"b", 12), (b"a", 57)], ids=["another site", "the same site"])
def test_a_random_place_draws_by_the_tag_that_the_course_knows(app, site, draws):
    admin = make_admin()
    _, course = restore(tagged(12, "tide", b"a"), admin)

    merge(tagged(57, "Tide", site), admin, course)

    _, path = back_up(course, admin)
    members = members_of(path)
    quiz = next(one for one in members if one.endswith("/quiz.xml") and "quiz_44/" not in one)
    condition = json.loads(leaf_texts(members, quiz, FILTERS)[0])
    assert condition["filter"]["qtagids"]["values"] == [draws]


# Banks that are activities, since Moodle 5.0

BANKS = {61: ("Bank of tides", 171), 62: ("Bank of winds", 172)}


def with_banks():
    """A course of Moodle 5.1: a quiz draws from the first of two banks, and asks a question of the second."""
    members = quiz_course([drawn(81), fixed(204)])
    root = ET.fromstring(members["questions.xml"])
    second = ET.SubElement(root, "question_category", id="86")
    for one in root[0]:
        ET.SubElement(second, one.tag).text = one.text
    for category in root:
        module = 62 if category.get("id") in ("83", "86") else 61
        if category.findtext("contextid") == "70":
            _say(category, contextid=BANKS[module][1], contextlevel=70, contextinstanceid=module)
    _say(root.find("question_category[@id='83']"), parent=86)
    members["questions.xml"] = PROLOG + ET.tostring(root)
    quiz = members["activities/quiz_44/quiz.xml"]
    members["activities/quiz_44/quiz.xml"] = quiz.replace(b"contextid>70<", b"contextid>171<")
    manifest = members["moodle_backup.xml"].replace(b"2024100700", b"2025100600").replace(b">4.5<", b">5.1<")
    for module, (name, context) in BANKS.items():
        own = node("qbank", leaves(name=name, intro="", introformat=1, type="standard"), id=module)
        members |= activity_documents("qbank", module, module, context, own, True)
        manifest = with_activity(manifest, "qbank", module, name)
    return members | {"moodle_backup.xml": manifest}


def _say(element, **texts):
    for name, text in texts.items():
        element.find(name).text = str(text)


def test_an_older_moodle_gets_the_questions_of_banks_in_the_course_s_own(app, page, sign_in_as):
    admin, members = make_admin(), with_banks()
    members[PAGE] = members[PAGE].replace(
        b"<content>", b'<content>&lt;a href="$@QBANKVIEWBYID*61@$"&gt;All&lt;/a&gt; '
    )
    content = pack_tgz(members)
    _, course = restore(pack_tgz(small_course()), admin)
    _, before = back_up(course, admin)
    given = {"target": "merge", "people": True, "course_id": course.id}

    said = dry_run(read_archive(content, admin).result["archive_id"], given, admin.id)
    job = merge(content, admin, course)

    _, path = back_up(course, admin)
    members = members_of(path)
    assert faults(path) == []
    assert not [name for name in members if "qbank_" in name]
    bank = ET.fromstring(members["questions.xml"])
    own = [one for one in bank if one.findtext("contextlevel") == "50"]
    parents = {one.findtext("name"): one.findtext("parent") for one in own}
    top = next(one.get("id") for one in own if one.findtext("name") == "top")
    winds = next(one.get("id") for one in own if one.findtext("name") == "Bank of winds")
    assert parents["Tides"] == parents["Bank of winds"] == top
    assert parents["Winds"] == winds
    assert {(one.findtext("contextid"), one.findtext("contextinstanceid")) for one in own} == {("70", "7")}
    quiz = next(name for name in members if name.endswith("/quiz.xml"))
    assert leaf_texts(members, quiz, ".//questionscontextid") == ["70"]
    assert said["added"]["activities"] == job.result["activities"] == 4
    told = "2 question banks become part of the course’s own: the course’s Moodle knows no banks that are activities."
    assert told in said["skipped"]
    assert told in job.warnings

    sign_in_as(admin)
    added = db.session.query(Activity).filter_by(version_id=course.version_id, type="page").all()[-1]
    shown = page(f"/courses/{course.id}/activities/{added.id}")
    assert shown.find("a", string="All")["href"] == f"/courses/{course.id}/questions"

    undo_restore(course.id)

    _, again = back_up(db.session.get(Course, course.id), admin)
    assert same_documents(members_of(before), members_of(again)) == []


def test_a_course_made_here_keeps_the_banks_and_is_written_for_a_moodle_that_has_them(app, page, sign_in_as):
    admin = make_admin()
    course = make_course("Quiet", "QUIET", None, admin)

    job = merge(pack_tgz(with_banks()), admin, course)

    _, path = back_up(course, admin)
    assert job.warnings == []
    assert faults(path) == []
    assert survey(path).backup_version == 2025041400
    assert len([name for name in members_of(path) if name.endswith("/qbank.xml")]) == 2
    sign_in_as(admin)
    winds = db.session.query(Activity).filter_by(version_id=course.version_id, name="Bank of winds").one()
    listed = page(f"/courses/{course.id}/activities/{winds.id}").select("ul.categories a")
    assert ["Winds" in one.text for one in listed] == [True]
