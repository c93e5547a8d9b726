"""A damaged manifest, made whole by what the folders of its archive say."""

import io

import pytest

from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.manifest import DamagedManifest, Manifest, read_manifest
from jobs.archive.manifest.folders import Folders
from jobs.archive.manifest.mending import mend
from jobs.archive.manifest.releases import release_of
from tests.archives import small_course

WHOLE = small_course()["moodle_backup.xml"]


def folders(*names, **changed):
    members = small_course() | changed
    found = Folders(DEFAULT_LIMITS)
    for name in names or members:
        found.take(name, io.BytesIO(members[name]).read)
    return found


def rest_of(content):
    with pytest.raises(DamagedManifest) as damage:
        read_manifest(io.BytesIO(content))
    return damage.value.rest


def mended(content, *names):
    manifest = rest_of(content)
    assert mend(manifest, folders(*names))
    return manifest


def test_what_could_be_read_stays_as_it_was():
    content = WHOLE[: WHOLE.index(b"<settings>")]

    manifest = mended(content)

    sound = read_manifest(io.BytesIO(WHOLE))
    assert manifest.information == sound.information
    assert (manifest.activities, manifest.sections, manifest.course) == (
        sound.activities, sound.sections, sound.course
    )  # fmt: skip
    assert manifest.with_people


def test_of_an_empty_one_the_folders_say_all_that_matters():
    manifest = mended(b"")

    assert (manifest.kind, manifest.original_course_fullname, manifest.original_course_id) == (
        "course", "Reading the tide", 7
    )  # fmt: skip
    assert [one.directory for one in manifest.sections] == ["sections/section_31", "sections/section_32"]
    assert [one.directory for one in manifest.activities] == [
        "activities/forum_41", "activities/page_42", "activities/resource_43"
    ]  # fmt: skip
    assert manifest.with_people


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("sections/section_32/section.xml", "activities/page_42/module.xml"), "section"),
        (("activities/page_42/module.xml", "activities/page_42/page.xml"), "activity"),
    ],
)
def test_it_is_told_by_the_folders_what_was_backed_up(names, kind):
    manifest = mended(b"", *names)

    assert manifest.kind == kind
    assert not manifest.with_people


def test_nothing_is_made_of_an_archive_without_folders():
    assert not mend(Manifest({}, "", {}), folders("files.xml", "users.xml"))


def test_an_entry_in_a_folder_that_moodle_would_not_name_does_not_stay():
    content = WHOLE.replace(b"activities/page_42<", b"activities/../page_42<").replace(
        b"</moodle_backup>", b""
    )

    manifest = mended(content)

    assert [one.directory for one in manifest.activities] == [
        "activities/forum_41", "activities/resource_43", "activities/page_42"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "release"), [(2024100700, "4.5"), (2020110910, "3.10"), (2031010100, "5.1"), (1, "2.3")]
)
def test_a_module_of_moodle_s_own_tells_the_release(version, release):
    assert release_of(version)[1] == release
