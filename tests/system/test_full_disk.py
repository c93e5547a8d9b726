"""A disk that fills up in the middle of the work: what is said, what stays, and that work goes on afterwards."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from jobs import failures
from tests.system.courses import course_of, packed
from tests.system.processes import COMMAND, SLOWLY, wait_until, worker

pytestmark = pytest.mark.system

SMALL_DISK = 160


#: Answers questions to the database, a line each.
READER = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1] + "/coursekeep.sqlite", isolation_level=None)
for line in sys.stdin:
    print(json.dumps(connection.execute(line).fetchone()), flush=True)
"""


class Seen(NamedTuple):
    state: str
    problem: str
    is_under_way: bool


@dataclass
class Disk:
    """A disk of its own, under a folder that the test itself sees empty."""

    folder: Path
    #: Begins a command that sees the disk there.
    through: tuple
    #: Where the test sees the same.
    seen: Path
    reader: subprocess.Popen = None

    def coursekeep(self, *told):
        """Run a command on the installation that is the disk; returns the JSON it prints, or its words."""
        ended = subprocess.run(
            [*self.through, *COMMAND, "--instance", str(self.folder), *told], capture_output=True, text=True
        )
        return json.loads(ended.stdout) if "--json" in told else ended.stdout + ended.stderr

    def job(self, number):
        """Its state, its problem, and whether part of the work is done, as the database on the disk says it."""
        columns = "state, problem, done_bytes * 5 > total_bytes and total_bytes > 0"
        self.reader.stdin.write(f"select {columns} from job where id = {number}\n")
        self.reader.stdin.flush()
        return Seen(*json.loads(self.reader.stdout.readline()))

    def fill(self):
        """Take all the room that is left, and keep that of what is being written now, though it be deleted."""
        written = [path for path in (self.seen / "scratch").rglob("*") if path.is_file()]
        for number, path in enumerate(written):
            (self.seen / f"kept-{number}").hardlink_to(path)
        with (self.seen / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(1 << 16)):
                    pass
            except OSError:
                pass

    def make_room(self):
        for path in (self.seen / "filler", *self.seen.glob("kept-*")):
            path.unlink()

    def kept(self, folder):
        return sorted(path.name for path in (self.seen / folder).iterdir())


@contextmanager
def mounted(folder, megabytes):
    folder.mkdir()
    mount = f"mount -t tmpfs -o size={megabytes}m none '{folder}' && echo there && exec cat"
    told = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount]
    with subprocess.Popen(
        told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as holder:
        try:
            if holder.stdout.readline() != b"there\n":
                pytest.skip("This system lets nobody mount a disk of their own.")
            through = ("nsenter", "-t", str(holder.pid), "--user", "--mount", "--preserve-credentials")
            yield Disk(folder, (*through, "--wd=" + os.getcwd()), Path(f"/proc/{holder.pid}/root{folder}"))
        finally:
            holder.stdin.close()


@pytest.fixture
def disk(tmp_path):
    with mounted(tmp_path / "school", SMALL_DISK) as disk:
        disk.coursekeep("init", "--no-sample")
        told = [*disk.through, sys.executable, "-c", READER, str(disk.folder)]
        with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as disk.reader:
            yield disk


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "tides.mbz"
    path.write_bytes(packed(course_of(20)))
    return str(path)


def run_into_the_end_of_the_disk(disk, number):
    """Have a worker begin the job, and fill the disk when it is in the middle; returns the job's end."""
    with worker(disk.folder, env=SLOWLY, through=disk.through) as process:
        wait_until(lambda: disk.job(number).is_under_way, "the work is under way")
        process.send_signal(signal.SIGSTOP)
        disk.fill()
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: disk.job(number).state in ("failed", "done"), "the job has ended")
    return disk.job(number)


def test_a_backup_that_finds_the_disk_full_says_so_and_leaves_nothing(disk, archive):
    course = disk.coursekeep("restore", archive, "--as", "admin", "--json")
    number = disk.coursekeep("backup", str(course["course"]), "--as", "admin", "--queue", "--json")["job"]
    before = disk.kept("archives")

    job = run_into_the_end_of_the_disk(disk, number)
    after = disk.kept("archives"), disk.kept("scratch")
    disk.make_room()
    again = disk.coursekeep("backup", str(course["course"]), "--as", "admin", "--json")

    assert (job.state, job.problem) == ("failed", failures.FULL)
    assert after == (before, [])
    assert again["state"] == "done"


@pytest.mark.long
def test_a_restore_that_finds_the_disk_full_says_so_and_makes_no_course(disk, archive):
    number = disk.coursekeep("restore", archive, "--as", "admin", "--queue", "--json")["job"]

    job = run_into_the_end_of_the_disk(disk, number)
    # What it had laid out to look at before the answer goes with the next sweep.
    after = [name for name in disk.kept("scratch") if not name.endswith("-look")] + disk.kept(
        "files/incoming"
    )
    disk.make_room()
    courses = disk.coursekeep("courses", "--json")["courses"]
    again = disk.coursekeep("restore", archive, "--as", "admin", "--json")

    assert (job.state, job.problem) == ("failed", failures.FULL)
    assert after == []
    assert courses == []
    assert again["state"] == "done"
