"""A course whose “Week one” has a subsection, as Moodle 4.5 writes it."""

from tests.course_documents import activity_documents, leaves, node, section_documents
from tests.quiz_course import with_activity


def with_subsection(members):
    """Add a subsection of Moodle 4.5 to “Week one”: an activity, and a section with a page in it."""
    opener = node("subsection", leaves(name="More to read", timemodified=0), id=54)
    inner = node(
        "page", leaves(name="About storms", intro="", introformat=1, content="", contentformat=1), id=55
    )
    members |= activity_documents("subsection", 44, 54, 74, opener, True)
    members |= activity_documents("page", 45, 55, 75, inner, True)
    frame = "activities/page_45/module.xml"
    members[frame] = members[frame].replace(b"<sectionid>32<", b"<sectionid>33<")
    members |= section_documents(33, 2, "More", "45", opener=54)
    manifest = with_activity(members["moodle_backup.xml"], "subsection", 44, "More to read")
    manifest = with_activity(manifest, "page", 45, "About storms", section=33)
    listed_section = (
        b"<section><sectionid>33</sectionid><title>More</title><directory>sections/section_33</directory>"
        b"<parentcmid>44</parentcmid><modname>subsection</modname></section></sections>"
    )
    members["moodle_backup.xml"] = manifest.replace(b"</sections>", listed_section, 1)
    return members
