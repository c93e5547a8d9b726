"""Everything that is declared goes through the engine and comes out equal, with people and without."""

import xml.etree.ElementTree as ET

import pytest

from tests.archives import pack_tgz
from tests.declared.archive import BANKS, declared_course
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, restore


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


def missing_references(before, after):
    """What an inforef.xml no longer lists, by its name: a Moodle would not restore it."""
    lists = [name for name in before if name.endswith("inforef.xml")]
    lost = {name: _listed(before[name]) - _listed(after[name]) for name in lists}
    return {name: gone for name, gone in lost.items() if gone}


def _listed(inforef):
    return {(entry.tag, entry.findtext("id")) for group in ET.fromstring(inforef) for entry in group}
