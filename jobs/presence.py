"""Which processes are there to run jobs, told without guessing.

Each process that runs jobs holds a lock on a file of its own for as long as it lives.
The kernel lets go of it however the process ends, so a dead one shows at once, on the
same host. Processes on other hosts show by their heartbeat.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import threading
from pathlib import Path

WORKER = b"worker"

_guard = threading.Lock()
_held: dict[Path, tuple[int, int, str]] = {}


def my_name(folder: Path) -> str:
    """This process's name as a runner; the first call takes its lock. A forked child gets its own."""
    with _guard:
        held = _held.get(folder)
        if held is None or held[0] != os.getpid():
            held = _held[folder] = _take_lock(folder)
        return held[2]


def is_alive(folder: Path, name: str) -> bool | None:
    """Whether the runner lives; None if it is on another host and the lock can't tell."""
    if not name.startswith(_host() + "."):
        return None
    path = folder / f"{name}.lock"
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(descriptor)


def become_worker(folder: Path) -> str:
    """Say that this process takes jobs from the line; a web process only runs those of its own requests."""
    name = my_name(folder)
    os.write(_held[folder][1], WORKER)
    return name


def living_workers(folder: Path) -> list[str]:
    """The names of the workers of this host that live; forgets whoever is dead."""
    return sorted(
        path.stem for path in folder.glob("*.lock") if is_alive(folder, path.stem) and _is_worker(path)
    )


def _is_worker(path: Path) -> bool:
    try:
        return path.read_bytes() == WORKER
    except FileNotFoundError:
        return False


def _take_lock(folder: Path) -> tuple[int, int, str]:
    name = f"{_host()}.{os.getpid()}.{secrets.token_hex(4)}"
    fresh = folder / f"{name}.new"
    descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    # It gets the name that others look for only when the lock is held, or they would take it for dead.
    fresh.rename(folder / f"{name}.lock")
    return os.getpid(), descriptor, name


def _host() -> str:
    return socket.gethostname().replace(".", "-").replace("/", "-") or "host"
