import os
import random
from contextlib import suppress

import pytest

from jobs.archive.containers.spool import Spool
from jobs.archive.containers.writer import write_archive
from jobs.archive.survey import survey
from tests.archives import small_course
from tests.unit.archive.reading import read_member

NOISE = random.Random(7).randbytes(300_000)
WORDS = b"The sea comes twice a day. " * 5000


@pytest.mark.usefixtures("engine")
def test_a_spool_gives_back_documents_with_their_sizes(tmp_path):
    with Spool(tmp_path) as spool:
        with spool.document("users.xml") as out:
            for start in range(0, len(WORDS), 1000):
                out.write(WORDS[start : start + 1000])
        with spool.document("roles.xml"):
            pass
        with spool.document("noise.xml") as out:
            out.write(NOISE)

        found = spool.entries()
        contents = [read_member(one.open()) for one in found]

    assert [(one.name, one.size) for one in found] == [
        ("users.xml", len(WORDS)),
        ("roles.xml", 0),
        ("noise.xml", len(NOISE)),
    ]
    assert contents == [WORDS, b"", NOISE]


def test_documents_of_a_spool_can_be_read_side_by_side_and_again(tmp_path):
    with Spool(tmp_path) as spool:
        for name, content in (("a.xml", b"a" * 400_000), ("b.xml", b"b" * 400_000)):
            with spool.document(name) as out:
                out.write(content)
        first, second, again = spool.entries()[0].open(), spool.entries()[1].open(), spool.entries()[0].open()

        assert (first.read(3), second.read(3), first.read(3), again.read(3)) == (
            b"aaa",
            b"bbb",
            b"aaa",
            b"aaa",
        )


def test_a_spool_leaves_nothing_in_its_folder(tmp_path):
    with Spool(tmp_path) as spool:
        with spool.document("users.xml") as out:
            out.write(NOISE)
        while_open = os.listdir(tmp_path)

    assert while_open == os.listdir(tmp_path) == []


def test_a_document_that_was_not_finished_does_not_count(tmp_path):
    with Spool(tmp_path) as spool:
        with suppress(KeyError), spool.document("users.xml") as out:
            out.write(b"half")
            raise KeyError
        with spool.document("roles.xml") as out:
            out.write(b"<roles/>")

        (only,) = spool.entries()
        assert (only.name, only.open().read(100)) == ("roles.xml", b"<roles/>")


def test_one_document_is_written_at_a_time(tmp_path):
    with (
        Spool(tmp_path) as spool,
        spool.document("users.xml"),
        pytest.raises(ValueError, match=r"users\.xml"),
        spool.document("roles.xml"),
    ):
        pass


def test_a_spool_goes_straight_into_an_archive(tmp_path):
    members = small_course()
    path = tmp_path / "course.mbz"

    with Spool(tmp_path) as spool:
        for name, content in members.items():
            with spool.document(name) as out:
                out.write(content)
        write_archive(path, spool.entries())

    assert survey(path).is_sound
