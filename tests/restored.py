"""A restored course to edit, and what a backup of it says afterwards."""

from lxml import etree

from tests.archives import pack_tgz, small_course
from tests.members import members_of
from tests.running import back_up, restore
from webapp.content import activities, sections
from webapp.content.lookups import activities_of, sections_of
from webapp.database import write_transaction
from webapp.models import Activity, Section


def restored(by):
    """A forum in "General"; a page and a handout in "Week one"."""
    _, course = restore(pack_tgz(small_course()), by)
    return course


def section(course, name):
    return next(one for one in sections_of(course.version_id) if (one.name or "") == name)


def activity(course, name):
    return next(one for one in activities_of(course.version_id) if one.name == name)


def names_in(course, name):
    place = section(course, name)
    return [one.name for one in activities_of(course.version_id) if one.section_id == place.id]


def backed_up(course, by):
    _, path = back_up(course, by)
    return members_of(path)


def root(members, name):
    return etree.fromstring(members[name])


def make_subsection(course, office):
    """A subsection activity as Moodle 4.5 has it, with a page in the section that it opens."""
    opener = activities.make_activity(
        course, section(course, "Week one"), "page", {"name": "Sub", "intro": "", "content": ""}, office
    )
    inner = sections.make_section(course, "Sub", "", office)
    activities.make_activity(course, inner, "page", {"name": "Inside", "intro": "", "content": ""}, office)
    with write_transaction() as session:
        session.get(Activity, opener.id).type = "subsection"
        session.get(Section, inner.id).parent_cmid = str(opener.moodle_id)
    return opener, inner
