"""Backups of one section and of one activity: into a course and its sections, or as a course of their own."""

import pytest

from jobs.archive.survey import survey
from jobs.engine.undo import undo_restore
from tests.added import changed, leaf_texts, shape
from tests.archives import pack_tgz, save, small_course
from tests.corpus import corpus_file
from tests.demands import faults
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.restored import activity, section
from tests.running import answer, back_up, back_up_part, merge, read_archive, restore
from webapp import places
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Course, JobState

PARTS = (
    "tide101-4.5-activity-quiz",
    "tide101-4.5-section",
    "fixture-2.8-activity-quiz-zip",
    "fixture-4.3-activity-quiz-random",
)


def part(course, teacher, name):
    """The bytes of a backup of a section or an activity."""
    found = [*sections_of(course.version_id), *activities_of(course.version_id)]
    _, path = back_up_part(course, next(one for one in found if one.name == name), teacher)
    return path.read_bytes()


def homes(course):
    numbers = {one.id: one.number for one in sections_of(course.version_id)}
    return [(numbers[one.section_id], one.name) for one in activities_of(course.version_id)]


def test_an_activity_goes_into_the_section_that_is_chosen(teacher, course):
    content = part(course, teacher, "Read a tide table")
    goal = section(course, "General")

    job = merge(content, teacher, course, section_id=goal.id)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert homes(course)[-1] == (0, "Read a tide table")
    assert len(homes(course)) == 4


def test_an_activity_goes_into_the_section_of_its_number_by_itself(teacher, course):
    content = part(course, teacher, "Read a tide table")

    merge(content, teacher, course)

    assert homes(course)[-1] == (1, "Read a tide table")


def test_an_activity_whose_section_is_not_there_goes_to_the_top(teacher, course):
    content = part(course, teacher, "Read a tide table")
    other = make_course("Quiet", "QUIET", None, teacher, sections=0)

    merge(content, teacher, other)

    assert homes(other) == [(0, "Read a tide table")]


def test_an_activity_can_be_a_course_of_its_own(teacher, course):
    content = part(course, teacher, "Read a tide table")

    job, made = restore(content, teacher)
    _, path = back_up(made, teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert made.fullname == "Read a tide table"
    assert homes(made) == [(0, "Read a tide table")]
    found = survey(path)
    assert (found.kind, found.damage) == ("course", 0)
    assert faults(path) == []
    members = members_of(path)
    assert leaf_texts(members, "files.xml", "file/filename")
    page = next(name for name in members if name.endswith("/page.xml"))
    assert shape(members[page]) == shape(small_course()["activities/page_42/page.xml"])


def test_a_section_can_be_a_course_of_its_own(teacher, course):
    content = part(course, teacher, "Week one")

    job, made = restore(content, teacher, fullname="One week", shortname="WEEK")
    _, path = back_up(made, teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert (made.fullname, made.shortname, made.visible) == ("One week", "WEEK", False)
    assert [(one.number, one.name) for one in sections_of(made.version_id)] == [(0, None), (1, "Week one")]
    assert homes(made) == [(1, "Read a tide table"), (1, "How to fold a chart")]
    assert survey(path).damage == 0
    assert faults(path) == []


def test_a_course_made_of_a_part_is_restored_again_as_it_is(teacher, course):
    _, made = restore(part(course, teacher, "Week one"), teacher)
    _, once = back_up(made, teacher)

    _, again = restore(once.read_bytes(), teacher)
    _, twice = back_up(again, teacher)

    assert same_documents(members_of(once), members_of(twice)) == []


def test_a_section_goes_into_the_one_of_its_number(teacher, course):
    content = part(course, teacher, "Week one")

    merge(content, teacher, course)

    assert [one.name for one in sections_of(course.version_id)] == ["General", "Week one"]
    assert [number for number, _ in homes(course)] == [0, 1, 1, 1, 1]


def test_a_section_goes_out_again(teacher, course):
    _, before = back_up(course, teacher)
    merge(part(course, teacher, "Week one"), teacher, course, sections="append")
    assert len(sections_of(course.version_id)) == 3

    undo_restore(course.id)

    _, after = back_up(db.session.get(Course, course.id), teacher)
    assert same_documents(members_of(before), members_of(after)) == []


def test_a_part_does_not_take_the_place_of_a_course(teacher, course):
    content = part(course, teacher, "Week one")

    job, _ = restore(content, teacher, course)

    assert job.state == JobState.FAILED
    assert "can’t take the place of a whole course" in job.problem
    assert len(homes(course)) == 3


@pytest.mark.parametrize("name", PARTS)
def test_a_real_part_goes_into_a_course_and_out_again(app, name):
    admin, content = make_admin(), corpus_file(name).read_bytes()
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)
    _, before = back_up(course, admin)

    job = merge(content, admin, course)
    _, after = back_up(course, admin)
    undo_restore(course.id)
    _, again = back_up(db.session.get(Course, course.id), admin)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert changed(members_of(before), members_of(after)) == []
    assert survey(after).damage == 0
    assert same_documents(members_of(before), members_of(again)) == []


@pytest.mark.parametrize("name", PARTS)
def test_a_real_part_can_be_a_course_of_its_own(app, name):
    admin = make_admin()

    job = answer(read_archive(corpus_file(name).read_bytes(), admin))
    made = db.session.get(Course, job.result["course_id"])
    _, path = back_up(made, admin)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert survey(path).damage == 0
    assert activities_of(made.version_id)


def test_a_quiz_comes_into_its_own_course_with_its_questions_once(app):
    admin = make_admin()
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)

    job = merge(corpus_file("tide101-4.5-activity-quiz").read_bytes(), admin, course)

    assert job.result["reused"]["question"] == 6
    assert activity(course, "Quiz: words of the water")


def with_unknown(content, number):
    """A backup with things at its root that nobody knows: a file, and elements in its lists."""
    members = members_of(save(places.scratch() / "known.mbz", content))
    for name in ("roles.xml", "groups.xml", "questions.xml", "files.xml", "users.xml"):
        head, mark, rest = members[name].rpartition(b"</")
        members[name] = b"%b<tide_table><tide>%d</tide></tide_table>%b%b" % (head, number, mark, rest)
    members["groups.xml"] = members["groups.xml"].replace(b"<groups>", b"<groups tide='high'>")
    return pack_tgz(members | {"tides.xml": b"<tides><tide id='5'>%d</tide></tides>" % number}, index=False)


def test_what_nobody_knows_at_the_root_of_a_part_stays_with_it(teacher, course):
    for number in (1, 2):
        before = members_of(back_up(course, teacher)[1])
        content = with_unknown(part(course, teacher, "Week one"), number)
        assert merge(content, teacher, course, sections="append").state == JobState.DONE
    _, alone = restore(with_unknown(part(course, teacher, "Read a tide table"), 3), teacher)

    weeks = [one for one in sections_of(course.version_id) if one.name == "Week one"]
    page = activity(alone, "Read a tide table")

    for home, one, number in ((course, weeks[1], b"1"), (course, weeks[2], b"2"), (alone, page, b"3")):
        again = members_of(back_up_part(home, one, teacher)[1])
        assert b">%b</tide>" % number in again["tides.xml"]
        for listed in ("roles.xml", "groups.xml", "questions.xml", "files.xml", "users.xml"):
            assert b"<tide>%b</tide>" % number in again[listed], listed
        assert b'<groups tide="high">' in again["groups.xml"]
    whole = members_of(back_up(course, teacher)[1])
    kept = sorted(whole[entry][-18:] for entry in whole if entry.endswith("/root-tides.xml"))
    assert kept == [b">1</tide>\n</tides>", b">2</tide>\n</tides>"]
    undo_restore(course.id)
    assert same_documents(before, members_of(back_up(course, teacher)[1])) == []


def test_a_part_that_goes_into_a_section_of_the_course_leaves_both_their_files(teacher, course):
    content = part(course, teacher, "Week one")

    for number in (1, 2):
        assert merge(with_unknown(content, number), teacher, course, again=True).state == JobState.DONE
    again = members_of(back_up_part(course, section(course, "Week one"), teacher)[1])

    assert [name for name in again if "tides" in name] == ["tides.xml", "tides-2.xml"]
    undo_restore(course.id)
    once = members_of(back_up_part(course, section(course, "Week one"), teacher)[1])
    assert [name for name in once if "tides" in name] == ["tides.xml"]
