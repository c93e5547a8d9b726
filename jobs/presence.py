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


def living(folder: Path) -> list[str]:
    """The names of the runners of this host that live; forgets the dead ones."""
    return sorted(path.stem for path in folder.glob("*.lock") if is_alive(folder, path.stem))


def _take_lock(folder: Path) -> tuple[int, int, str]:
    name = f"{_host()}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return os.getpid(), descriptor, name


def _host() -> str:
    return socket.gethostname().replace(".", "-").replace("/", "-") or "host"
