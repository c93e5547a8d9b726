"""`coursekeep web`: the web server alone."""

from __future__ import annotations

import logging
import selectors
import socket
import sys
from argparse import ArgumentParser, Namespace
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import FrameType

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from jobs.memory import settle
from jobs.progress import stopping
from webapp import create_app
from webapp.cli.command import DONE, Commands, installed, instance_folder
from webapp.cli.parent import end_with_parent, take_parent

#: Seconds that answers under way get when the server has to stop.
GRACE = 20
#: Seconds that one thread may compute before another gets its turn. A poll gives the turn away with each question to
#: the database; at Python’s own 5 ms it would wait for a large page that is being made, again and again.
TURN = 0.0005
#: Bytes that are read past at once of a connection that has been answered.
READ_PAST = 65536


def add(commands: Commands) -> None:
    parser = commands.add("web", run, "answer browsers, until it is told to stop")
    take_address(parser)
    take_parent(parser)


def take_address(parser: ArgumentParser) -> None:
    """Add what the web server can be told."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen at (8000)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (2)")
    parser.add_argument("--threads", type=int, default=8, metavar="N", help="requests at a time in each (8)")


def as_told(args: Namespace) -> list[str]:
    """The same again, for a child that is told the same."""
    names = ("host", "port", "workers", "threads")
    return [word for name in names for word in (f"--{name}", str(getattr(args, name)))]


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def run(args: Namespace) -> int:
    end_with_parent(args.parent)
    installed(args, "web")
    logging.getLogger("gunicorn.error").addFilter(_without_addresses)
    Server(args).run()
    return DONE


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told here and nowhere else how to serve us."""

    def __init__(self, args: Namespace) -> None:
        self.args = args
        super().__init__()

    def load_config(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108  # where a sign of life costs no disk
        settings = {
            "bind": address(self.args.host, self.args.port),
            "workers": self.args.workers,
            "threads": self.args.threads,
            "worker_class": f"{__name__}.{Worker.__name__}",
            "worker_tmp_dir": str(memory) if memory.is_dir() else None,
            "graceful_timeout": GRACE,
            # What is left out of a backup stands in the address of its steps (webapp.backups.choosing).
            "limit_request_line": 8190,
            # Who asked for what is nobody's business: no access log.
            "accesslog": None,
            "errorlog": None,
            "loglevel": "warning",
            # Which proxies may be believed is our own setting (PROXIES).
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "proc_name": "coursekeep",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)
        self.cfg.set("on_starting", _log_with_ours)

    def load(self) -> Flask:
        """Build the application, in each process anew: SQLite may not be taken through a fork."""
        app = create_app(INSTANCE=instance_folder(self.args))
        settle()
        return app


class Worker(ThreadWorker):  # type: ignore[misc]
    """One web process. Told to stop, it also stops the jobs that run inside requests.

    Gunicorn waits up to two seconds for a browser to hang up, and does so in the one thread that takes new
    connections: whoever is slow to hang up would keep out everybody else. Here a connection that is answered
    waits among those of which nothing has come yet, at no thread's cost.
    """

    def init_process(self) -> None:
        sys.setswitchinterval(TURN)
        super().init_process()

    def finish_request(self, conn: TConn, done: Future[object]) -> None:
        if done.cancelled() or done.exception() or done.result():
            super().finish_request(conn, done)
        else:
            self._part_from(conn)

    def _part_from(self, conn: TConn) -> None:
        """Say that nothing more comes, and let the browser hang up; see RFC 9112, 9.6 for why not at once."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            self._forget(conn)
            return
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear_last, conn))

    def _hear_last(self, conn: TConn, _socket: object) -> None:
        """Read past what still comes; at its end the connection is over."""
        try:
            goes_on = bool(conn.sock.recv(READ_PAST))
        except BlockingIOError:
            goes_on = True
        except OSError:
            goes_on = False
        if not goes_on:
            self.poller.unregister(conn.sock)
            self.pending_conns.remove(conn)
            self._forget(conn)

    def _forget(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        stopping.set()
        super().handle_exit(sig, frame)


def _log_with_ours(_arbiter: object) -> None:
    logging.getLogger("gunicorn.error").propagate = True


def _without_addresses(record: logging.LogRecord) -> bool:
    """Take out of Gunicorn's lines who asked and for which page: a link may be a key."""
    if record.msg.startswith(("Invalid request from", "Error handling request")):
        record.msg, record.args = record.msg.split(" from")[0].split(" %")[0], ()
    return True
