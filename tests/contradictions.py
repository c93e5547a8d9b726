"""Archives that contradict themselves: what is wrong with each, and how the sentence begins that says it.

`RESTORED` come in and go out with nothing lost but what is not there, `REFUSED` stay outside.
"""

import re
from collections.abc import Callable

from tests.archives import small_course
from tests.quiz_course import drawn, fixed, quiz_course

Members = dict[str, bytes]
MANIFEST = "moodle_backup.xml"


def _changed(pattern: bytes, by: bytes, members: Members | None = None, *, only: str = "") -> Members:
    """The course with each place that fits the pattern written otherwise, in documents and in names."""
    found = {}
    for name, content in (members or small_course()).items():
        is_meant = name.endswith(".xml") and re.search(only, name) is not None
        new_name = re.sub(pattern, by, name.encode()).decode() if not only else name
        found[new_name] = re.sub(pattern, by, content) if is_meant else content
    return found


def _in_manifest(pattern: bytes, by: bytes, members: Members | None = None) -> Members:
    return _changed(b"(?s)" + pattern, by, members, only=re.escape(MANIFEST))


def _without(part: str) -> Members:
    return {name: content for name, content in small_course().items() if part not in name}


def _circle() -> Members:
    members = quiz_course([fixed(203), drawn(83)])
    first, mark, rest = members["questions.xml"].partition(b'<question_category id="81">')
    rest = rest.replace(b"<parent>80<", b"<parent>82<", 1)
    return members | {"questions.xml": first + mark + rest}


RESTORED: dict[str, tuple[Callable[[], Members], str]] = {
    "an activity with a number below 0": (
        lambda: _changed(rb'(page_|moduleid>|module id="|moduleid=")42', rb"\g<1>-42"),
        "The moodle_backup.xml in this archive is damaged: “-42” stands where the number “moduleid” should be.",
    ),
    "a section with a number below 0": (
        lambda: _changed(rb'(sectionid>|section_|section id=")32', rb"\g<1>-32"),
        "The moodle_backup.xml in this archive is damaged: “-32” stands where the number “sectionid” should be.",
    ),
    "a course with a number below 0": (
        lambda: _changed(rb'<course id="7"', rb'<course id="-7"', only="course.xml"),
        "",
    ),
    "things with numbers below 0": (
        lambda: _changed(rb'( id=")(5\d+|\d*[189]1)"', rb'\1-\2"', only=r"page_42/|forum_41/|users|questions|enrol"),
        "",
    ),
    "the folder of an activity is missing": (
        lambda: _without("page_42"),
        "“activities/page_42/page.xml” is missing from the backup",
    ),
    "the folder of a section is missing": (
        lambda: _without("section_32"),
        "“sections/section_32/section.xml” is missing from the backup",
    ),
    "two activities with one number": (
        lambda: _changed(rb'(resource_|moduleid="|module id="|moduleid>)43', rb"\g<1>42"),
        "“Read a tide table” and “How to fold a chart” have the same number, 42.",
    ),
    "no sections": (
        lambda: _in_manifest(rb"<sections>.*</sections>", b"", _without("section_")),
        "The file lists activities, but no section that they are in",
    ),
    "no sections and no activities": (
        lambda: _in_manifest(
            rb"<(sections|activities)>.*</\1>", b"",
            {name: one for name, one in _without("section_").items() if "activities/" not in name},
        ),
        "",
    ),
    "a section twice": (
        lambda: _in_manifest(rb"(<section>\s*<sectionid>31.*?</section>)", rb"\1\1"),
        "The moodle_backup.xml in this archive lists “sections/section_31” twice.",
    ),
    "an activity twice": (
        lambda: _in_manifest(rb"(<activity>\s*<moduleid>42.*?</activity>)", rb"\1\1"),
        "The moodle_backup.xml in this archive lists “activities/page_42” twice.",
    ),
    "an activity in a section that is not there": (
        lambda: _in_manifest(rb"<sectionid>32(</sectionid>\s*<modulename>page)", rb"<sectionid>99\1"),
        "“Read a tide table” is in a section that is not in the file: it goes into the first one.",
    ),
    "categories of questions in a circle": (_circle, ""),
}  # fmt: skip
REFUSED: dict[str, tuple[Callable[[], Members], str]] = {
    f"a manifest that names {name}": (
        lambda name=name: _in_manifest(rb"<directory>activities/page_42<", b"<directory>%b<" % name.encode()),
        f"The moodle_backup.xml in this archive names a folder that Moodle would not, “{name}”.",
    )
    for name in ("../page_42", "/etc", "activities/../../page_42", "activities/page_43")
}
