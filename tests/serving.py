"""A real `coursekeep serve` on a free port, and a plain client to talk to it."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.mail_servers import a_free_port
from tests.pages import form_data, parse
from tests.system.processes import DEADLINE, wait_until

COMMAND = (sys.executable, "-m", "webapp.cli")
ROOT = Path(__file__).parents[1]
PASSWORD = re.compile(r"Sign in as (\w+) with the password (\S+)")


@dataclass
class Served:
    """One installation that is served."""

    process: subprocess.Popen
    instance: Path
    url: str
    output: Path
    #: Of the first admin, at the first start.
    username: str = ""
    password: str = ""
    children: list = field(default_factory=list)

    def child(self, command):
        """The process of one of the two halves, "web" or "worker"."""
        (found,) = [one for one in self.children if command in one.cmdline()]
        return found

    def stop(self, number=signal.SIGINT):
        """Send the signal that Ctrl-C sends; returns the exit code once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)

    def said(self):
        return self.output.read_text("utf-8")


@contextmanager
def served(instance, *more, command=COMMAND, cwd=ROOT, env=None):
    """Serve an installation until the end of the block; the folder is made if need be."""
    port = a_free_port()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    output = instance / "serve.log"
    told = [*command, "--instance", str(instance), "serve", "--port", str(port), "--workers", "1", *more]
    with output.open("wb") as out:
        process = subprocess.Popen(told, cwd=cwd, stdout=out, stderr=out, env=os.environ | (env or {}))
    one = Served(process, instance, f"http://127.0.0.1:{port}", output)
    try:
        wait_until(lambda: "Coursekeep is at" in one.said() or process.poll() is not None, "it serves")
        assert process.poll() is None, one.said()
        if found := PASSWORD.search(one.said()):
            one.username, one.password = found.groups()
        one.children = psutil.Process(process.pid).children()
        yield one
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()


class Visitor:
    """Asks for pages over HTTP and keeps cookies, as a browser without script does."""

    def __init__(self, url):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path):
        """The page at the end of all redirects, parsed."""
        with self._opener.open(self.url + path, timeout=30) as answer:
            return parse(answer.read().decode())

    def send(self, page, **changes):
        """Send the page's main form with `changes` typed in; returns the page that it leads to."""
        form = page.main.find("form", method="post")
        data = urllib.parse.urlencode(form_data(form, **changes), doseq=True).encode()
        with self._opener.open(self.url + form["action"], data, timeout=30) as answer:
            return parse(answer.read().decode())

    def status(self, path):
        try:
            with self._opener.open(self.url + path, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def sign_in(self, username, password):
        return self.send(self.get("/sign-in"), username=username, password=password)
