"""Mail servers for tests: a real one that keeps what it gets or refuses it, and one without manners."""

import socket
import threading
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class MailServer(Controller):
    """Takes mail on a free port; `answers` are what it says to a command instead of taking it."""

    def __init__(self, **answers):
        self.letters, self.recipients, self.answers = [], [], answers
        super().__init__(self, hostname="127.0.0.1", port=0)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if "data" in self.answers:
            return self.answers["data"]
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class RudeServer:
    """Answers one line after the other as told, each to one line of the client, then hangs up.

    Without a line to say it says nothing, and holds the line until the client gives up.
    """

    def __init__(self, *lines):
        self.lines, self.heard = lines, []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rwb") as stream:
            for line in self.lines:
                stream.write(line.encode() + b"\r\n")
                stream.flush()
                if not self._hear(stream, until=b".\r\n" if line.startswith("354") else b"\n"):
                    return
            if not self.lines:
                stream.read()

    def _hear(self, stream, until):
        while heard := stream.readline():
            self.heard.append(heard)
            if heard.endswith(until) and (until == b"\n" or heard == until):
                return True
        return False

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._thread.join(5)


def a_free_port():
    """A port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
