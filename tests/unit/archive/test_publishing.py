import io
from datetime import datetime

import pytest

from jobs.archive.containers.writer import Entry, file_name, publish, write_archive
from jobs.archive.survey import survey
from tests.archives import small_course


def test_publishing_gives_the_file_its_name(tmp_path):
    part = tmp_path / "backup.mbz.part"
    entries = [Entry(name, len(one), lambda one=one: io.BytesIO(one)) for name, one in small_course().items()]
    write_archive(part, entries)
    final = tmp_path / "backup.mbz"

    publish(part, final)

    assert [path.name for path in tmp_path.iterdir()] == ["backup.mbz"]
    assert survey(final).is_sound


@pytest.mark.parametrize(
    ("short_name", "choices", "expected"),
    [
        ("TIDE101", {}, "backup-moodle2-course-9-tide101-20261124-0237.mbz"),
        ("Bio 2: cells/DNA", {}, "backup-moodle2-course-9-bio_2_cellsdna-20261124-0237.mbz"),
        ("Été 潮汐", {}, "backup-moodle2-course-9-été_潮汐-20261124-0237.mbz"),
        ("../..", {}, "backup-moodle2-course-9-20261124-0237.mbz"),
        ("a" * 300, {}, f"backup-moodle2-course-9-{'a' * 60}-20261124-0237.mbz"),
        ("T", {"people": False}, "backup-moodle2-course-9-t-20261124-0237-nu.mbz"),
        ("T", {"anonymised": True}, "backup-moodle2-course-9-t-20261124-0237-an.mbz"),
        ("T", {"people": False, "anonymised": True}, "backup-moodle2-course-9-t-20261124-0237-nu.mbz"),
        ("T", {"people": False, "files": False}, "backup-moodle2-course-9-t-20261124-0237-nu-nf.mbz"),
    ],
)
def test_an_archive_is_named_as_moodle_names_it(short_name, choices, expected):
    when = datetime(2026, 11, 24, 2, 37)

    name = file_name("course", 9, short_name, when, **{"people": True, "files": True, **choices})

    assert name == expected
