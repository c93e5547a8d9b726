"""Runs a command as a whole process and takes its measure."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at a process.
PACE = 0.02


@dataclass(frozen=True)
class Measure:
    """What one process took: seconds on the clock and of the processors, bytes of memory and of disk."""

    seconds: float
    cpu: float
    memory: int
    #: The most that lay in the watched folder at a time.
    disk: int


def measure(arguments: Sequence[str], *, watched: Path | None = None) -> Measure:
    """Run `python -m …` to its end. Raises RuntimeError with what it said if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    memory = disk = 0
    while True:
        memory = max(memory, _peak_memory(process.pid))
        disk = max(disk, _size_of(watched) if watched else 0)
        number, status, used = os.wait4(process.pid, os.WNOHANG)
        if number:
            break
        time.sleep(PACE)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.communicate()[0].decode()
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(arguments)}: {said}")
    return Measure(time.monotonic() - began, used.ru_utime + used.ru_stime, memory, disk)


def _peak_memory(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def _size_of(folder: Path) -> int:
    total = 0
    for one in folder.glob("*"):
        with suppress(OSError):
            total += one.stat().st_size
    return total
