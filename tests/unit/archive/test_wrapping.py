"""Archives whose whole content lies inside one folder: a repository that was downloaded, a backup packed again."""

import io
import random
import tarfile

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import MIB, Limits
from jobs.archive.survey import survey
from jobs.problems import ArchiveProblem
from tests.archives import add_to_tar, pack_tgz, pack_zip, small_course
from tests.unit.archive.reading import read_all
from tests.unit.archive.tars import entry

PACKERS = [lambda *args, **kinds: pack_tgz(*args, index=False, **kinds), pack_zip]


def inside(folder, members):
    return {f"{folder}/{name}": content for name, content in members.items()}


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("folder", ["my course", "course", "files", "course-l2a-main", "./tide"])
def test_a_course_inside_one_folder_is_read_as_if_it_lay_at_the_root(saved, pack, folder):
    members = small_course()

    assert read_all(saved(pack(members, prefix=f"{folder}/"))) == members


@pytest.mark.parametrize("pack", PACKERS)
def test_a_folder_called_course_is_known_whichever_of_its_files_comes_first(saved, pack):
    members = dict(sorted(small_course().items(), key=lambda one: one[0] != "completion.xml"))

    assert read_all(saved(pack(members, prefix="course/"))) == members


def test_a_repository_s_own_headers_and_folders_are_no_hindrance(saved):
    members = small_course()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", pax_headers={"comment": "0123456789abcdef"}) as tar:
        tar.addfile(entry("tide-main", tarfile.DIRTYPE))
        tar.addfile(entry("tide-main/files", tarfile.DIRTYPE))
        for name, content in members.items():
            add_to_tar(tar, f"tide-main/{name}", content)

    assert read_all(saved(out.getvalue())) == members


@pytest.mark.parametrize("pack", PACKERS)
def test_what_a_mac_adds_beside_the_folder_stays_beside_it(saved, pack):
    members = small_course()

    found = read_all(saved(pack({"__MACOSX/._tide": b"x"} | inside("tide", members) | {".DS_Store": b"y"})))

    assert found == {"__MACOSX/._tide": b"x", **members, ".DS_Store": b"y"}


@pytest.mark.parametrize("pack", PACKERS)
def test_the_report_on_it_names_the_folder_and_is_otherwise_the_same(saved, pack):
    plain, wrapped = (survey(saved(pack(small_course(), prefix=folder))) for folder in ("", "tide/"))

    (note,) = [one for one in wrapped.problems if one not in plain.problems]
    assert note.level == "note"
    assert "lies inside one folder, “tide”" in note.what
    assert wrapped.counts == plain.counts


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize(
    "members",
    [
        inside("tide", small_course()) | inside("chart", small_course()),
        inside("tide", small_course()) | {"plan.txt": b"x"},
        inside("back/up", small_course()),
        inside("tide", {"notes.txt": b"x"}),
    ],
    ids=["two courses", "a file beside it", "a folder in a folder", "no backup in it"],
)
def test_what_is_not_the_one_folder_around_a_backup_is_refused_as_before(saved, pack, members):
    with pytest.raises(ArchiveProblem, match=r"inside a folder|There is no moodle_backup\.xml"):
        read_all(saved(pack(members)))


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"tide/../../app.py": b"x"}, "points outside the archive"),
        ({"tide/./users.xml": b"x"}, "has an empty part"),
        ({"tide/Users.xml": b"x"}, "Users.xml” twice"),
        ({"tide/files/da/" + "da" * 20: bytes(12 * MIB)}, "more than 200 times its size"),
    ],
)
def test_a_folder_around_it_gets_nothing_past_the_checks(saved, pack, extra, sentence):
    path = saved(pack(inside("tide", small_course()) | extra))

    with pytest.raises(ArchiveProblem, match=sentence):
        read_all(path, Limits(ratio_from=MIB, ratio=200))


@pytest.mark.parametrize("pack", PACKERS)
def test_one_that_is_cut_short_says_so(saved, pack):
    whole = pack(small_course(), prefix="tide/")

    with pytest.raises(ArchiveProblem, match="cut short"):
        read_all(saved(whole[: len(whole) // 2]))


def test_an_archive_as_moodle_packs_it_is_not_read_twice(saved):
    path = saved(pack_tgz(small_course() | {"files/da/" + "da" * 20: random.Random(1).randbytes(4 * MIB)}))

    with open_archive(path, Limits()) as archive:
        next(iter(archive))

        assert archive.read_bytes < archive.size
        assert archive.notes == []
