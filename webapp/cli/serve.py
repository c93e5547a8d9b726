"""`coursekeep serve`: web server and worker together, from the first start on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path

from webapp.cli.command import DONE, FAILED, Commands, Problem, application, instance_folder
from webapp.cli.init import prepare, take_beginning
from webapp.cli.web import address, as_told, take_address
from webapp.config import DEFAULTS

#: Both, by what people call them.
Children = dict[str, subprocess.Popen[bytes]]

#: Seconds that the two get to stop in good order, and to begin.
GRACE = 40
PATIENCE = 60
#: Seconds between two looks at them.
PACE = 0.2


def add(commands: Commands) -> None:
    parser = commands.add(
        "serve", run, "serve the web and carry out jobs; the first start prepares everything"
    )
    take_address(parser)
    take_beginning(parser)


def run(args: Namespace) -> int:
    stop = _stop_on_signals()
    _check_port(args.host, args.port)
    app = application(args, "serve")
    prepare(app, args)
    given = app.config["BASE_URL"]
    url = f"http://{address(args.host, args.port)}" if given == DEFAULTS["BASE_URL"] else given
    children = {
        "web server": _start(args, url, "web", *as_told(args)),
        "worker": _start(args, url, "worker"),
    }
    try:
        if _wait_until_up(args, children, stop):
            print(f"Coursekeep is at {url} (Ctrl-C ends it).", flush=True)
        dead = _wait(children, stop)
    finally:
        in_order = _stop(children)
    if dead:
        raise Problem(f"The {dead} ended by itself; everything was stopped. The lines above say why.")
    return DONE if in_order else FAILED


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _check_port(host: str, port: int) -> None:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"{address(host, port)} can’t be listened at: {error.strerror}. Try --port."
            ) from error


def _start(args: Namespace, url: str, command: str, *more: str) -> subprocess.Popen[bytes]:
    """Start one of the two. Ctrl-C on the terminal reaches us alone; we tell them in good order."""
    told = ["--instance", str(instance_folder(args)), command, "--parent", str(os.getpid()), *more]
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", *told],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"COURSEKEEP_BASE_URL": url},
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def _wait_until_up(args: Namespace, children: Children, stop: threading.Event) -> bool:
    """Wait until the web server takes connections; false if it won't."""
    end = time.monotonic() + PATIENCE
    while not _dead(children) and not stop.is_set() and time.monotonic() < end:
        try:
            with socket.create_connection((args.host, args.port), timeout=1):
                return True
        except OSError:
            stop.wait(PACE)
    return False


def _wait(children: Children, stop: threading.Event) -> str:
    """Wait until we are told to stop, or one of the two ends by itself; returns which one."""
    while not stop.wait(PACE):
        if dead := _dead(children):
            return dead
    return ""


def _dead(children: Children) -> str:
    return next((name for name, child in children.items() if child.poll() is not None), "")


def _stop(children: Children) -> bool:
    """Tell both to stop, and wait; false if one had to be killed or ended badly."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    # One that was told before it could listen has ended by the signal itself; it had not begun yet.
    return all(child.returncode in (0, -signal.SIGTERM) for child in children.values())
