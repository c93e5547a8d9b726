"""Real processes of the product, for tests that kill, stop and watch them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "webapp.cli")
#: Seconds after which something that should have happened is taken for never happening.
DEADLINE = 60
#: For the environment of a process whose work shall take long enough to be met in the middle.
SLOWLY = {
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "slowly"), str(Path(__file__).parents[2])])
}


def wait_until(true, what="it happened", seconds=DEADLINE):
    """Return what `true()` returns once it is something; fail if that takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{seconds} s went by, and not yet: {what}")


@contextmanager
def worker(instance, *, threads=1, env=None, through=()):
    """A worker process on the installation; killed at the end if it still lives.

    `through` is a command that starts it.
    """
    told = [*through, *COMMAND, "--instance", str(instance), "worker", "--threads", str(threads)]
    path = instance / f"worker-{os.urandom(3).hex()}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(told, stdout=log, stderr=log, env=os.environ | (env or {}))
        process.said = lambda: path.read_text("utf-8")
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


def kill(process):
    """kill -9."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def freeze(process, instance):
    """Stop the process where it is, but not while it holds the database's write lock."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if can_be_written_to(instance):
            return
        process.send_signal(signal.SIGCONT)


def can_be_written_to(instance):
    with closing(sqlite3.connect(instance / "coursekeep.sqlite", timeout=0)) as connection:
        try:
            connection.execute("begin immediate")
        except sqlite3.OperationalError:
            return False
        return True
