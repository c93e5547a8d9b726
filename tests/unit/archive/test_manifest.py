import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from jobs.archive.limits import Limits
from jobs.archive.manifest import (
    ActivityEntry,
    CourseEntry,
    Manifest,
    SectionEntry,
    Setting,
    read_manifest,
    write_manifest,
)
from jobs.problems import ArchiveProblem
from tests.archives import small_course
from tests.unit.archive.reading import read_all

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
MANIFEST = small_course()["moodle_backup.xml"]


def read(content, **limits):
    return read_manifest(io.BytesIO(content), Limits(**limits))


def written(manifest):
    out = io.BytesIO()
    write_manifest(manifest, out)
    return out.getvalue()


def test_a_manifest_tells_where_the_backup_comes_from():
    manifest = read(MANIFEST)

    assert manifest.kind == "course"
    assert manifest.backup_version == 2024100700
    assert manifest.backup_release == "4.5"
    assert manifest.moodle_release == "4.5.5 (Build: 20250609)"
    assert manifest.original_wwwroot == "https://moodle.school.example"
    assert manifest.original_course_id == 7
    assert manifest.original_course_fullname == "Reading the tide"
    assert manifest.backup_id == "ab" * 16
    assert manifest.backup_date == 1_757_000_000
    assert not manifest.is_newer_than_known


def test_a_manifest_lists_sections_and_activities_in_order():
    manifest = read(MANIFEST)

    assert manifest.course == CourseEntry(7, "Reading the tide", "course")
    assert manifest.sections[1] == SectionEntry(32, "Week one", "sections/section_32", "", "")
    assert [one.directory for one in manifest.activities] == [
        "activities/forum_41",
        "activities/page_42",
        "activities/resource_43",
    ]
    assert manifest.activities[1] == ActivityEntry(
        42, 32, "page", "Read a tide table", "activities/page_42", insubsection=""
    )


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, (True, False, True)),
        ({"people": False}, (False, False, True)),
        ({"anonymised": True}, (True, True, True)),
        ({"with_files": False}, (True, False, False)),
    ],
)
def test_a_manifest_tells_what_was_left_out(choices, expected):
    manifest = read(small_course(**choices)["moodle_backup.xml"])

    assert (manifest.with_people, manifest.anonymised, manifest.with_files) == expected


def test_settings_keep_level_and_owner():
    manifest = read(MANIFEST)

    assert Setting("root", "users", "1") in manifest.settings
    assert Setting("section", "section_31_included", "1", section="section_31") in manifest.settings
    assert Setting("activity", "page_42_userinfo", "1", activity="page_42") in manifest.settings
    assert manifest.setting("users") == "1"
    assert manifest.setting("no_such_setting") is None


def test_what_was_read_is_written_byte_for_byte():
    assert written(read(MANIFEST)) == MANIFEST


def test_leaves_of_a_newer_moodle_are_kept():
    insubsection = b"          <insubsection></insubsection>\n"
    details = b"    <details>\n"
    newer = MANIFEST.replace(insubsection, insubsection + b"          <flavour>salt</flavour>\n")
    newer = newer.replace(details, b"    <original_course_theme>boost</original_course_theme>\n" + details)

    manifest = read(newer)

    assert manifest.activities[0].others == {"flavour": "salt"}
    assert written(manifest) == newer


def test_leaves_that_an_older_moodle_did_not_have_are_not_written():
    older = (
        MANIFEST.replace(b"          <insubsection></insubsection>\n", b"")
        .replace(b"          <parentcmid></parentcmid>\n", b"")
        .replace(b"          <modname></modname>\n", b"")
    )

    manifest = read(older)

    assert manifest.activities[0].insubsection is None
    assert manifest.sections[0].parentcmid is None
    assert written(manifest) == older


def test_what_moodle_looks_for_stands_in_the_first_200_bytes():
    start = written(read(MANIFEST))[:200].lower()

    assert start.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<moodle_backup>\n  <information>')


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("name", [path.name for path in sorted(CORPUS.glob("*.mbz"))])
def test_manifests_of_real_moodles_are_written_back_as_they_were(name):
    content = read_all(CORPUS / name)["moodle_backup.xml"]

    again = written(read(content))

    # One of them was edited by hand and has blanks at the ends of lines.
    assert again == b"\n".join(line.rstrip() for line in content.strip().split(b"\n"))


text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@settings(deadline=None)  # other work may slow the machine
@given(title=text, name=text, value=text, release=text)
def test_any_text_comes_back(title, name, value, release):
    manifest = read(MANIFEST)
    changed = replace(
        manifest,
        information=manifest.information | {"moodle_release": release},
        activities=[replace(manifest.activities[0], title=title)],
        settings=[Setting("root", name, value)],
    )

    assert read(written(changed)) == changed


def test_characters_that_xml_can_not_hold_are_dropped_and_line_ends_kept():
    manifest = read(MANIFEST)
    manifest.course = CourseEntry(7, "a\x0bb\ud800c\r\nd")

    assert read(written(manifest)).course == CourseEntry(7, "abc\r\nd")


def test_a_manifest_without_lists_is_written_without_them():
    bare = Manifest({"name": "x.mbz", "backup_version": "2024100700"}, "ab", {"type": "course"})

    content = written(bare)

    assert b"<activities>" not in content
    assert b"<sections>" not in content
    assert b"<course>" not in content


def test_a_far_newer_backup_is_read_and_told_to_be_newer():
    newer = MANIFEST.replace(b"<backup_version>2024100700<", b"<backup_version>2031040100<")

    assert read(newer).is_newer_than_known


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"<moodle_backup>", b"<moodle_backup x='1'>", "not one that Moodle writes"),
        (b'encoding="UTF-8"', b'encoding="UTF-16"', "not one that Moodle writes"),
        (b"<format>moodle2</format>", b"<format>moodle3</format>", "a format called “moodle3”"),
        (b"<format>moodle2</format>", b"", "a format called “”"),
        (b"<type>course</type>", b"<type>site</type>", "the backup of a “site”"),
        (b"<backup_version>2024100700<", b"<backup_version>2010072299<", "too old"),
        (b"<backup_version>2024100700<", b"<backup_version>new<", "too old"),
        (b"activities/page_42<", b"activities/../page_42<", "a folder that Moodle would not"),
        (b"activities/page_42<", b"activities/page_43<", "a folder that Moodle would not"),
        (b"sections/section_32<", b"sections/section_31<", "a folder that Moodle would not"),
        (b"<directory>course<", b"<directory>/etc<", "a folder that Moodle would not"),
        (b"<modulename>page<", b"<modulename>../page<", "a folder that Moodle would not"),
        (b"<moduleid>42<", b"<moduleid>x<", "damaged: “x” stands where the number “moduleid” should be"),
        (b"</details>", b"</detail>", "damaged: it is broken at line"),
        (b"</moodle_backup>", b"", "damaged: it is broken at line"),
    ],
)
def test_a_manifest_that_can_not_be_used_is_refused_saying_why(old, new, sentence):
    assert old in MANIFEST

    with pytest.raises(ArchiveProblem, match=sentence) as refusal:
        read(MANIFEST.replace(old, new))

    assert refusal.value.entry == "moodle_backup.xml"


@pytest.mark.parametrize(
    "start",
    [
        b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n',
        b"<?xml version='1.0' encoding='UTF-8'?>",
        b'<?xml version="1.0"?>\n',
        b'\n<?xml version="1.0" encoding="UTF-8" ?>\n',
        b"",
    ],
)
def test_a_manifest_that_begins_as_other_tools_write_it_says_the_same(start):
    plain = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    assert MANIFEST.startswith(plain)

    assert read(start + MANIFEST.removeprefix(plain)) == read(MANIFEST)


def test_a_manifest_need_not_say_which_folder_something_is_in():
    assert read(re.sub(rb"<directory>[^<]*</directory>", b"", MANIFEST)) == read(MANIFEST)


def test_a_folder_listed_twice_is_refused():
    start = MANIFEST.index(b"        <activity>")
    end = MANIFEST.index(b"</activity>\n", start) + len(b"</activity>\n")
    twice = MANIFEST[:end] + MANIFEST[start:end] + MANIFEST[end:]

    with pytest.raises(ArchiveProblem, match="lists “activities/forum_41” twice"):
        read(twice)


def test_a_course_backup_that_lists_no_course_is_refused():
    start, end = MANIFEST.index(b"      <course>"), MANIFEST.index(b"</course>\n") + len(b"</course>\n")

    with pytest.raises(ArchiveProblem, match=r"but its moodle_backup\.xml lists none"):
        read(MANIFEST[:start] + MANIFEST[end:])


def test_a_doctype_is_refused_and_nothing_of_it_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    line = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    declared = f'<!DOCTYPE m [<!ENTITY x SYSTEM "{secret}">]>\n'.encode()
    # The opening tags stand in a comment as well, to get past the look at the first 200 bytes.
    hostile = MANIFEST.replace(line, line + b"<!--<moodle_backup><information>-->" + declared)

    with pytest.raises(ArchiveProblem, match="declares a DOCTYPE") as refusal:
        read(hostile)

    assert "secret" not in str(refusal.value).replace(str(secret), "")


def test_a_manifest_that_is_too_large_is_refused_by_its_limit():
    with pytest.raises(ArchiveProblem, match=r"is larger than 3\.1 kB") as refusal:
        read(MANIFEST, xml_bytes=3 * 1024)

    assert refusal.value.limit == "xml_bytes"


def test_an_empty_manifest_is_refused():
    with pytest.raises(ArchiveProblem, match="not one that Moodle writes"):
        read(b"")
