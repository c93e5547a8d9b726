"""Everything that is declared goes through the engine and comes out equal, with people and without."""

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from jobs.archive.comparing import compare
from tests.archives import pack_tgz, save
from tests.declared.archive import BANKS, declared_course
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, back_up_part, restore
from webapp.content.lookups import activities_of, sections_of


@pytest.mark.parametrize("dialect", BANKS)
def test_a_course_with_everything_comes_out_as_it_came_in(app, dialect):
    teacher, given = make_teacher(), declared_course(dialect)
    job, course = restore(pack_tgz(given.members()), teacher)
    assert job.warnings == []

    _, with_people = back_up(course, teacher)
    _, without = back_up(course, teacher, people=False)

    assert same_documents(given.members(), members_of(with_people)) == []
    assert missing_references(given.members(), members_of(with_people)) == {}
    assert same_documents(given.members(people=False), members_of(without)) == []
    assert missing_references(given.members(people=False), members_of(without)) == {}


@pytest.mark.parametrize("dialect", BANKS)
def test_restored_without_people_it_is_what_a_backup_without_them_would_be(app, dialect):
    teacher, given = make_teacher(), declared_course(dialect)
    _, course = restore(pack_tgz(given.members()), teacher, people=False)

    _, path = back_up(course, teacher)

    assert same_documents(given.members(people=False), members_of(path)) == []


def test_anonymised_it_loses_nothing_but_who_they_were(app, tmp_path):
    teacher, original = make_teacher(), save(tmp_path / "all.mbz", pack_tgz(declared_course().members()))
    _, course = restore(original.read_bytes(), teacher)

    _, path = back_up(course, teacher, anonymise=True)

    found = compare(original, path)
    assert found.differences == []
    assert found.disguised > 100


def test_a_section_of_it_is_the_same_in_a_course_of_its_own(app, tmp_path):
    teacher = make_teacher()
    _, course = restore(pack_tgz(declared_course().members()), teacher)
    _, path = back_up_part(course, _largest_section(course), teacher)
    part = save(tmp_path / "part.mbz", path.read_bytes())

    _, other = restore(part.read_bytes(), teacher)
    _, path = back_up_part(other, _largest_section(other), teacher)

    found = compare(part, path)
    assert found.renumbered
    assert found.differences == []


def _largest_section(course):
    homes = Counter(activity.section_id for activity in activities_of(course.version_id))
    return max(sections_of(course.version_id), key=lambda section: homes[section.id])


def missing_references(before, after):
    """What an inforef.xml no longer lists, by its name: a Moodle would not restore it."""
    lists = [name for name in before if name.endswith("inforef.xml")]
    lost = {name: _listed(before[name]) - _listed(after[name]) for name in lists}
    return {name: gone for name, gone in lost.items() if gone}


def _listed(inforef):
    return {(entry.tag, entry.findtext("id")) for group in ET.fromstring(inforef) for entry in group}
