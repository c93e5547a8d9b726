"""A copy of the school, or the way back from it, is killed: the last copy stays whole, and the next run goes on."""

import io
import json
import logging
import shutil

import pytest

from tests.factories import make_admin, make_archive, make_course, make_course_file
from tests.system.moments import killed_at
from tests.system.sweeps import moments_of, spread
from tests.tables import report
from webapp import places
from webapp.cli import main

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def quiet_afterwards():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


class School:
    """One that gets a file and a backup more each time."""

    def __init__(self, instance, folder):
        self.instance, self.folder = instance, folder
        self.admin, self.course, self.number = make_admin(), make_course(), 0
        self.grow()

    def grow(self):
        self.number += 1
        content = b"%d" % self.number
        make_archive(self.admin, self.course, content=b"archive " + content)
        kept = places.storage().save(io.BytesIO(content)).hash
        make_course_file(self.course, f"{self.number}.txt", contenthash=kept, stored_hash=kept)

    def back_up(self):
        return main(["--instance", str(self.instance), "backup-site", str(self.folder), "--json"])

    def put_back(self, into):
        return main(["--instance", str(into), "restore-site", str(self.folder), "--json"])


@pytest.fixture
def school(app, instance, tmp_path):
    return School(instance, tmp_path / "copy")


def archives_in(folder):
    return {path.name: path.read_bytes() for path in (folder / "archives").glob("*.mbz")}


def copies_cut(school, tmp_path, capsys, most):
    assert school.back_up() == 0
    school.grow()
    moments, killed = moments_of(school.back_up), 0
    for moment in spread(moments, most):
        before = archives_in(school.instance)
        school.grow()
        killed += killed_at(moment, school.instance, school.back_up)
        capsys.readouterr()

        back = tmp_path / f"back {moment}"
        assert school.put_back(back) == 0, f"moment {moment}"
        assert json.loads(capsys.readouterr().out)["lost"] == []
        assert archives_in(back) in (before, archives_in(school.instance)), f"moment {moment}"
        assert school.back_up() == 0
        shutil.rmtree(back)
    assert school.put_back(tmp_path / "end") == 0
    assert archives_in(tmp_path / "end") == archives_in(school.instance)
    return moments, killed


def ways_back_cut(school, tmp_path, most):
    assert school.back_up() == 0
    moments, killed = moments_of(lambda: school.put_back(tmp_path / "first")), 0
    for moment in spread(moments, most):
        back = tmp_path / f"back {moment}"
        killed += killed_at(moment, school.instance, lambda back=back: school.put_back(back))
        is_whole = main(["--instance", str(back), "courses"]) == 0

        assert is_whole or school.put_back(back) == 0, f"moment {moment}"
        assert main(["--instance", str(back), "courses"]) == 0
        assert archives_in(back) == archives_in(school.instance)
        shutil.rmtree(back)
    return moments, killed


def test_a_copy_that_is_killed_leaves_the_last_one_whole(school, tmp_path, capsys):
    assert copies_cut(school, tmp_path, capsys, most=3)[1] == 3


def test_a_school_that_is_half_put_back_is_put_back_by_the_next_run(school, tmp_path):
    assert ways_back_cut(school, tmp_path, most=3)[1] >= 2


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_copy_may_be_killed_at_every_moment(school, tmp_path, capsys):
    moments, killed = copies_cut(school, tmp_path, capsys, most=0)

    report("Cut off and begun again", work="backup-site", moments=moments, killed=killed, survived=killed)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_way_back_may_be_killed_at_every_moment(school, tmp_path):
    moments, killed = ways_back_cut(school, tmp_path, most=0)

    report("Cut off and begun again", work="restore-site", moments=moments, killed=killed, survived=killed)
