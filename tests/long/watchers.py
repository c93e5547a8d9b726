"""People who watch a page each, all played by one thread: so what is measured is the server, and not this process."""

import heapq
import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Bytes that are read at a time.
PIECE = 65536


@dataclass
class Watchers:
    """So many people, each of whom asks every `pace` seconds, on a connection of its own each time."""

    url: str
    size: int
    pace: float
    #: The path and the headers of what a watcher of this number asks for next.
    asks: object
    #: How long each answer let its first byte wait, and what was wrong with some.
    seconds: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def watch(self, seconds):
        """Let everybody ask until so many seconds have gone by."""
        begin = time.monotonic()
        end = begin + seconds
        turns = [(begin + self.pace * number / self.size, number) for number in range(self.size)]
        with selectors.DefaultSelector() as waiting:
            while turns[0][0] < end or waiting.get_map():
                while turns[0][0] <= min(time.monotonic(), end):
                    due, number = turns[0]
                    heapq.heapreplace(turns, (due + self.pace, number))
                    self._ask(waiting, number)
                next_turn = turns[0][0] if turns[0][0] < end else time.monotonic() + self.pace
                for key, _ in waiting.select(max(0.0, next_turn - time.monotonic())):
                    self._hear(waiting, key.data)

    def _ask(self, waiting, number):
        path, headers = self.asks(number)
        address = urlsplit(self.url)
        head = {"Host": address.netloc, "Connection": "close", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        asked = Asked(socket.create_connection((address.hostname, address.port)))
        waiting.register(asked.connection, selectors.EVENT_READ, asked)
        asked.connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        asked.at = time.perf_counter()

    def _hear(self, waiting, asked):
        now = time.perf_counter()
        try:
            piece = asked.connection.recv(PIECE)
        except OSError as error:
            self.wrong.append(repr(error))
            piece = b""
        if piece and not asked.answer:
            self.seconds.append(now - asked.at)
        asked.answer += piece
        if not piece:
            waiting.unregister(asked.connection)
            asked.connection.close()
            self._judge(asked.answer)

    def _judge(self, answer):
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            self.wrong.append(head[:200].decode())
        elif not body.rstrip().endswith(b">"):
            self.wrong.append("half an answer")


@dataclass
class Asked:
    connection: socket.socket
    at: float = 0.0
    answer: bytes = b""
