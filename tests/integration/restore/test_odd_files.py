"""Archives that are old, were packed anew by somebody, or hold what no tidy Moodle writes: in whole, and out again."""

import gzip
import io
import tarfile
import xml.etree.ElementTree as ET
import zipfile

import pytest

from tests.archives import HANDOUT_FILE, PAGE_PICTURE, add_to_tar, pack_tgz, pack_zip, small_course
from tests.course_documents import StoredFile
from tests.demands import PROLOG, faults
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.quiz_course import drawn, fixed, quiz_course
from tests.running import back_up, restore
from webapp.models import JobState

FORUM, PAGE, MODULE = (
    "activities/forum_41/forum.xml",
    "activities/page_42/page.xml",
    "activities/page_42/module.xml",
)


def several_gzip_members(members):
    whole = gzip.decompress(pack_tgz(members))
    return b"".join(gzip.compress(whole[at : at + 3000]) for at in range(0, len(whole), 3000))


def with_folders(members):
    """As tar and zip tools pack: records for folders too, in any order, no index."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in reversed(members.items()):
            add_to_tar(tar, f"./{name}", content)
        for folder in sorted({name.rpartition("/")[0] for name in members} - {""}):
            info = tarfile.TarInfo(f"./{folder}")
            info.type = tarfile.DIRTYPE
            tar.addfile(info)
    return gzip.compress(out.getvalue())


def zip64(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(content)
    return out.getvalue()


PACKINGS = {
    "with ./ before names": lambda members: pack_tgz(members, prefix="./"),
    "without its index": lambda members: pack_tgz(members, index=False),
    "in several gzip members": several_gzip_members,
    "with folders, from the end": with_folders,
    "with zip64 fields": zip64,
    "stored in a zip": lambda members: pack_zip(members, compression=zipfile.ZIP_STORED),
}


def round_trip(content):
    """Restore an archive and back the course up; returns both jobs and what was written."""
    teacher = make_teacher()
    came, course = restore(content, teacher)
    assert came.state in (JobState.DONE, JobState.WARNED), came.problem
    went, path = back_up(course, teacher)
    assert went.state in (JobState.DONE, JobState.WARNED), went.problem
    assert faults(path) == []
    return came, went, members_of(path)


def changed(members, name, before, after):
    assert before in members[name]
    return members | {name: members[name].replace(before, after, 1)}


@pytest.mark.parametrize("packing", PACKINGS)
def test_however_an_archive_is_packed_all_of_it_comes_out(app, packing):
    members = small_course()

    came, went, after = round_trip(PACKINGS[packing](members))

    assert (came.state, went.state) == (JobState.DONE, JobState.DONE)
    assert same_documents(members, after) == []


def test_line_ends_of_windows_are_read_as_line_ends(app):
    members = {
        name: content.replace(b"\n", b"\r\n") if name.endswith(".xml") else content
        for name, content in small_course().items()
    }

    _, _, after = round_trip(pack_tgz(members))

    assert same_documents(small_course(), after) == []


def test_a_text_keeps_the_line_ends_that_are_written_as_characters(app):
    members = changed(small_course(), PAGE, b"The sea comes", b"Ebb&#13;\nand flood. The sea comes")

    _, _, after = round_trip(pack_tgz(members))

    assert "Ebb\r\nand flood." in ET.fromstring(after[PAGE]).findtext("page/content")


@pytest.mark.parametrize(
    ("odd", "shown"),
    [(b"caf\xe9 ", "caf\N{REPLACEMENT CHARACTER} "), (b"a\x0bb\x00c ", "abc "), (b"a&#11;b ", "ab ")],
    ids=["invalid UTF-8", "control characters", "escaped control characters"],
)
def test_what_no_xml_may_hold_is_mended_and_named(app, odd, shown):
    members = changed(small_course(), PAGE, b"The sea comes", odd + b"The sea comes")

    came, _, after = round_trip(pack_tgz(members))

    assert f"{shown}The sea comes" in ET.fromstring(after[PAGE]).findtext("page/content")
    assert [one for one in came.warnings if "page.xml" in one or "Read a tide table" in one]


@pytest.mark.parametrize(
    "name",
    ["badges.xml", "completion.xml", "grade_history.xml", "course/competencies.xml", "course/completiondefaults.xml",
     "activities/page_42/completion.xml", "activities/page_42/grade_history.xml"],
)  # fmt: skip
def test_a_document_that_may_be_missing_is_not_missed(app, name):
    members = {one: content for one, content in small_course().items() if one != name}

    came, _, after = round_trip(pack_tgz(members))

    assert came.state == JobState.DONE, came.warnings
    assert same_documents(members, after) == []


def test_people_who_are_in_no_list_stay_the_ones_they_were(app):
    members = changed(small_course(), FORUM, b"<userid>101<", b"<userid>987<")

    _, _, after = round_trip(pack_tgz(members))

    assert same_documents(members, after) == []
    assert b"987" not in after["activities/forum_41/inforef.xml"]


@pytest.mark.parametrize("slot", [fixed(999), drawn(999)], ids=["fixed", "drawn"])
def test_a_slot_whose_question_is_nowhere_is_kept(app, slot):
    members = quiz_course([fixed(201), slot])

    _, _, after = round_trip(pack_tgz(members))

    assert same_documents(members, after) == []


def test_elements_and_attributes_that_nobody_knows_are_kept_where_they_were(app):
    unknown = b'<tide level="3"><high at="06:12">4.1</high><high at="18:40"/></tide><mood x="y">calm</mood>'
    members = small_course()
    members = changed(members, PAGE, b"<timemodified>", unknown + b"<timemodified>")
    members = changed(members, MODULE, b"<tags>", unknown + b"<tags>")
    members = changed(members, FORUM, b"<subject>", unknown + b"<subject>")
    members = changed(members, "course/course.xml", b"<category ", unknown + b"<category ")
    members = changed(members, "users.xml", b"<username>", unknown + b"<username>")
    members = changed(members, "files.xml", b"<contenthash>", unknown + b"<contenthash>")
    members = changed(members, "questions.xml", b"<question_category ", b'<question_category state="old" ')
    members = changed(members, "moodle_backup.xml", b"</information>", b"<colour>blue</colour></information>")

    _, _, after = round_trip(pack_tgz(members))

    assert same_documents(members, after) == []
    assert ET.fromstring(after["moodle_backup.xml"]).findtext("information/colour") == "blue"


LONG = "x" * 251 + ".txt"
NAMES = [
    LONG,
    "\N{CJK UNIFIED IDEOGRAPH-6F2E}" * 80 + ".pdf",
    "לוח גאות.pdf",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe",
    "cafe\N{COMBINING ACUTE ACCENT}.txt",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}.txt",
    "🌊 (1) & <2> 'a' \"b\".png",
    " space .txt ",
    "..hidden",
    "CON",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_file_keeps_its_name_whatever_it_is(app, name):
    odd = StoredFile(605, name, b"What is in it.", 73, "mod_resource")
    members = small_course(files=[PAGE_PICTURE, HANDOUT_FILE, odd])

    came, went, after = round_trip(pack_tgz(members))

    assert (came.state, went.state) == (JobState.DONE, JobState.DONE)
    assert name in [one.text for one in ET.fromstring(after["files.xml"]).iter("filename")]
    assert same_documents(members, after) == []


def test_a_bank_with_two_categories_on_top_is_written_as_moodle_takes_it(app):
    members = quiz_course([fixed(201)])
    odd = changed(members, "questions.xml", b"<parent>80<", b"<parent>0<")

    came, _, after = round_trip(pack_tgz(odd))

    assert "1 category of questions stood where a Moodle has the topmost one alone" in " ".join(came.warnings)
    assert same_documents(members, after) == []


def test_a_person_without_a_number_does_not_hinder_a_backup_without_names(app):
    odd = changed(small_course(), "users.xml", b'<user id="101"', b"<user")
    teacher = make_teacher()
    _, course = restore(pack_tgz(odd), teacher)

    job, path = back_up(course, teacher, anonymise=True)

    assert job.state == JobState.DONE, job.problem
    assert faults(path) == []


def test_of_a_list_of_files_what_can_be_told_is_kept(app):
    members = small_course()
    odd = changed(members, "files.xml", b"<itemid>0<", b"<itemid>$@NULL@$<")
    odd = changed(odd, "files.xml", b"<contextid>73<", b"<contextid> 73 <")
    nameless = b'<file id="699"><filename>.</filename></file></files>'

    came, _, after = round_trip(pack_tgz(changed(odd, "files.xml", b"</files>", nameless)))

    assert came.warnings == ["1 entry of the list of files does not say what it is about, and was left out."]
    assert same_documents(members, after) == []


def test_a_hash_in_capitals_finds_its_content(app):
    members = small_course()
    name = HANDOUT_FILE.entry.rpartition("/")[2].encode()
    odd = changed(members, "files.xml", name, name.upper())

    came, went, after = round_trip(pack_tgz(odd))

    assert (came.state, went.state) == (JobState.DONE, JobState.DONE)
    assert same_documents(members, after) == []


def test_a_file_whose_number_has_a_minus_belongs_to_its_activity(app):
    members = changed(small_course(), "files.xml", b'<file id="603"', b'<file id="-603"')
    inforef = "activities/resource_43/inforef.xml"
    members = changed(members, inforef, b"<id>603<", b"<id>-603<")

    _, _, after = round_trip(pack_tgz(members))

    assert same_documents(members, after) == []
    assert [one.text for one in ET.fromstring(after[inforef]).iterfind("fileref/file/id")] == ["-603"]


def test_a_course_that_does_not_say_when_it_begins_has_the_dates_of_the_list_of_contents(app):
    members = small_course()
    course, manifest = (
        ET.fromstring(members["course/course.xml"]),
        ET.fromstring(members["moodle_backup.xml"]),
    )
    for name in ("startdate", "enddate"):
        course.remove(course.find(name))
    dates = [manifest.findtext(f"information/original_course_{name}") for name in ("startdate", "enddate")]
    members["course/course.xml"] = PROLOG + ET.tostring(course)

    _, _, after = round_trip(pack_tgz(members))

    said = ET.fromstring(after["moodle_backup.xml"])
    assert [
        said.findtext(f"information/original_course_{name}") for name in ("startdate", "enddate")
    ] == dates
    assert int(dates[0]) > 0
    assert same_documents(members, after) == []


def test_a_file_without_a_byte_comes_out_as_one(app):
    empty = StoredFile(605, "nothing.txt", b"", 73, "mod_resource")
    members = small_course(files=[PAGE_PICTURE, HANDOUT_FILE, empty])

    came, _, after = round_trip(pack_tgz(members))

    assert came.state == JobState.DONE, came.warnings
    assert same_documents(members, after) == []


@pytest.mark.parametrize(
    "name",
    [f"activities/page_42/{name}.xml" for name in ("calendar", "roles", "module", "page")]
    + ["sections/section_32/section.xml", "questions.xml", "course/filters.xml"],
)
def test_a_document_without_a_byte_is_named_and_moodle_takes_the_rest(app, name):
    teacher, members = make_teacher(), small_course() | {name: b""}

    came, course = restore(pack_tgz(members), teacher)
    _, path = back_up(course, teacher)

    assert [one for one in came.warnings if name in one]
    before = {one: content for one, content in members.items() if one != name}
    rest = {one: content for one, content in members_of(path).items() if one in before}
    assert same_documents(before, rest) == []
    assert faults(path) == []
