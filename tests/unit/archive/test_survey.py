import json
from pathlib import Path

import pytest

from jobs.archive.limits import MIB
from jobs.archive.survey import Survey, survey
from jobs.problems import ArchiveProblem, JobCancelled
from tests.archives import HANDOUT_FILE, PAGE_PICTURE, pack_tgz, pack_zip, small_course
from tests.course_documents import StoredFile

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
PICTURE = PAGE_PICTURE.entry
HANDOUT = HANDOUT_FILE.entry

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def sentences(found, level=None):
    return [one.what for one in found.problems if level in (None, one.level)]


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_a_sound_archive_is_told_to_be_sound(surveyed, pack):
    found = surveyed(small_course(), pack)

    assert found.is_sound
    assert found.problems == []
    assert found.container == ("tgz" if pack is pack_tgz else "zip")
    assert (found.kind, found.format) == ("course", "moodle2")
    assert found.moodle_release == "4.5.5 (Build: 20250609)"
    assert (found.backup_version, found.backup_release) == (2024100700, "4.5")
    assert found.backup_date == 1_757_000_000
    assert (found.origin.wwwroot, found.origin.course_id) == ("https://moodle.school.example", 7)
    assert (found.origin.fullname, found.origin.shortname) == ("Reading the tide", "TIDE1")
    assert (found.with_people, found.anonymised, found.with_files) == (True, False, True)


def test_a_site_whose_address_is_none_is_named_as_it_stands(surveyed):
    members = small_course()
    manifest = members["moodle_backup.xml"]
    members["moodle_backup.xml"] = manifest.replace(
        b"https://moodle.school.example", b"http://[moodle.example"
    )

    found = surveyed(members)

    assert found.is_sound
    assert found.origin.wwwroot == "http://[moodle.example"
    assert found.outside.origin_links == 0


def test_sections_and_activities_come_in_order_with_their_files(surveyed):
    found = surveyed(small_course())

    assert [(one.id, one.title) for one in found.sections] == [(31, "General"), (32, "Week one")]
    assert [one.title for one in found.sections[0].activities] == ["Announcements"]
    page, handout = found.sections[1].activities
    assert (page.id, page.type, page.directory) == (42, "page", "activities/page_42")
    assert (page.files, page.bytes) == (1, len(PAGE_PICTURE.content))
    assert (handout.files, handout.bytes) == (1, len(HANDOUT_FILE.content))
    assert found.loose_activities == []


def test_what_is_in_the_archive_is_counted(surveyed):
    copy = StoredFile(605, "the same again.png", PAGE_PICTURE.content, 72, "mod_page")
    members = small_course(files=[PAGE_PICTURE, HANDOUT_FILE, copy])

    found = surveyed(members)

    assert found.counts.activities == {"forum": 1, "page": 1, "resource": 1}
    assert (found.counts.sections, found.counts.people, found.counts.questions) == (2, 2, 0)
    assert (found.counts.files, found.counts.contents) == (3, 2)
    assert found.counts.bytes == len(PAGE_PICTURE.content) + len(HANDOUT_FILE.content)
    assert found.unpacked > found.size


def test_personal_data_is_counted_by_kind(surveyed):
    assert surveyed(small_course()).personal == {
        "people": 2,
        "enrolments": 2,
        "role_assignments": 2,
        "activity_records": 2,
    }
    assert surveyed(small_course(people=False)).personal == {}


def test_activities_of_a_section_that_is_not_there_are_loose(surveyed):
    members = small_course()
    old, new = (b"<sectionid>%d</sectionid>\n          <modulename>page" % one for one in (32, 99))
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(old, new)

    found = surveyed(members)

    assert [one.title for one in found.loose_activities] == ["Read a tide table"]


def test_types_that_are_not_moodle_s_own_are_named(surveyed):
    old, new = b"page_42", b"hologram_42"
    members = {
        name.replace("page_42/page.xml", "page_42/hologram.xml").replace("page_42", "hologram_42"): content
        for name, content in small_course().items()
    }
    members["moodle_backup.xml"] = (
        members["moodle_backup.xml"].replace(old, new).replace(b"<modulename>page<", b"<modulename>hologram<")
    )

    found = surveyed(members)

    assert found.unknown_types == ["hologram"]
    assert found.is_sound


def test_a_survey_survives_json(surveyed):
    members = small_course()
    del members[PICTURE]
    found = surveyed(members)

    again = Survey.from_json(json.loads(json.dumps(found.to_json())))

    assert again == found
    assert again.problems[0].file == "harbour map.png"


def test_what_moodle_does_not_write_is_noted(surveyed):
    found = surveyed(small_course() | {"course/read me.txt": b"hello"})

    assert found.is_sound
    assert sentences(found) == ["“course/read me.txt” is nothing that Moodle writes, and is left out."]


def test_what_stands_after_the_end_is_noted(saved):
    found = survey(saved(pack_tgz(small_course()) + b"and more"))

    assert found.is_sound
    assert "After the end" in sentences(found, "note")[0]


def test_a_much_newer_moodle_is_noted(surveyed):
    members = small_course()
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(b">2024100700<", b">2031040100<")

    found = surveyed(members)

    assert found.is_sound
    assert "newer Moodle" in sentences(found, "note")[0]


def test_authors_that_anonymising_forgot_are_noted(surveyed):
    found = surveyed(small_course(anonymised=True))

    assert sentences(found, "note") == [
        "The backup says that it is anonymised, but 2 of its files still name their author."
    ]


def test_only_so_many_problems_are_listed_and_all_are_counted(surveyed):
    lost = [StoredFile(1000 + one, f"{one}.txt", b"%d" % one, 72, "mod_page") for one in range(1500)]
    members = small_course(files=lost)
    for one in lost:
        del members[one.entry]

    found = surveyed(members)

    assert len(found.problems) == 1000
    assert found.damage == 1500
    assert found.unlisted_problems == 500


def test_the_manifest_may_come_last(surveyed):
    members = small_course()
    members["moodle_backup.xml"] = members.pop("moodle_backup.xml")

    assert surveyed(members).is_sound


def test_progress_is_told_in_packed_bytes_and_may_stop_the_work(saved):
    path = saved(pack_tgz(small_course()))
    seen = []

    survey(path, checkpoint=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size
    with pytest.raises(JobCancelled):
        survey(path, checkpoint=stop)


def stop(_read):
    raise JobCancelled


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_a_file_that_is_cut_short_has_no_survey(saved, kept):
    whole = pack_tgz(small_course())

    with pytest.raises(ArchiveProblem, match="cut short"):
        survey(saved(whole[: int(len(whole) * kept)]))


def test_no_changed_byte_passes_for_a_sound_archive_with_other_content(saved):
    members = small_course()
    whole = pack_zip(members)
    before = survey(saved(whole))

    for at in range(30, len(whole), 211):
        changed = bytearray(whole)
        changed[at] ^= 0x04
        try:
            found = survey(saved(bytes(changed)))
        except ArchiveProblem:
            continue
        assert found == before


@needs_corpus
@pytest.mark.parametrize("name", [path.name for path in sorted(CORPUS.glob("*.mbz"))])
def test_real_archives_have_only_the_damage_that_is_known(name):
    found = survey(CORPUS / name)

    assert found.is_sound or name == "real-3.8-damaged-files-blocks.mbz"


@needs_corpus
def test_damage_in_a_real_archive_is_named():
    found = survey(CORPUS / "real-3.8-damaged-files-blocks.mbz")

    assert [(one.file, one.reason) for one in found.problems] == [
        ("COMM001-StudyGuide-Unit 2.docx", "not in the backup"),
        ("COMM001-StudyGuide-Unit 2.pdf", "shorter than it should be: 27 kB of 211 kB"),
        ("COMM001-StudyGuide-Unit 2 (1).pdf", "shorter than it should be: 27 kB of 211 kB"),
    ]


@needs_corpus
def test_a_real_full_archive_is_counted():
    found = survey(CORPUS / "tide101-4.5-users.mbz")

    assert sum(found.counts.activities.values()) == 18
    assert (found.counts.people, found.counts.questions) == (10, 6)
    assert found.personal["enrolments"] == 10
    assert found.size < MIB


@needs_corpus
def test_a_real_plugin_is_named():
    assert survey(CORPUS / "fixture-3.11-plugin-studentquiz-users.mbz").unknown_types == ["studentquiz"]
