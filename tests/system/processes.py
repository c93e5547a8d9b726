"""Real processes of the product, for tests that kill, stop and watch them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

#: Seconds after which something that should have happened is taken for never happening.
DEADLINE = 60


def wait_until(true, what="it happened"):
    """Return what `true()` returns once it is something; fail if that takes too long."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{DEADLINE} s went by, and not yet: {what}")


@contextmanager
def worker(instance, *, threads=1):
    """A worker process on the installation; killed at the end if it still lives."""
    command = [
        sys.executable,
        "-m",
        "webapp.cli",
        "--instance",
        str(instance),
        "worker",
        "--threads",
        str(threads),
    ]
    log = open(instance / f"worker-{os.urandom(3).hex()}.log", "wb")  # noqa: SIM115 - closed below
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        log.close()
