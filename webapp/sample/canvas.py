"""A sheet of pixels to draw on, and to save as PNG. Knows nothing of what is drawn."""

from __future__ import annotations

import math
import struct
import zlib

Colour = tuple[int, int, int]

#: Digits of three by five dots, a row for each number in octal.
_DIGITS = {
    "1": "26227", "2": "71747", "3": "71317", "4": "55711", "5": "74717", "6": "74757", "7": "71122", "8": "75757",
}  # fmt: skip


class Canvas:
    """Coordinates are in pixels from the upper left; they need not be whole."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray(bytes(ground) * width) for _ in range(height)]

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle, with a soft edge of one pixel."""
        for row in range(max(0, int(y - radius - 1)), min(self.height, int(y + radius + 2))):
            for column in range(max(0, int(x - radius - 1)), min(self.width, int(x + radius + 2))):
                away = math.hypot(column + 0.5 - x, row + 0.5 - y)
                self._blend(column, row, colour, radius + 0.5 - away)

    def moon(self, x: float, y: float, radius: float, turn: float, light: Colour, dark: Colour) -> None:
        """Draw the Moon; `turn` is 0 when new and 0.5 when full."""
        self.disc(x, y, radius, dark)
        for row in range(int(y - radius), int(y + radius + 1)):
            half = math.sqrt(max(0.0, radius**2 - (row + 0.5 - y) ** 2))
            edge = math.cos(2 * math.pi * turn) * half
            left, right = (x + edge, x + half) if turn <= 0.5 else (x - half, x - edge)
            for column in range(int(left), int(right) + 1):
                covered = min(column + 1, right) - max(column, left)
                self._blend(column, row, light, covered)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float = 1.5) -> None:
        steps = max(1, round(math.hypot(x2 - x1, y2 - y1) * 2))
        for step in range(steps + 1):
            part = step / steps
            self.disc(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, width / 2, colour)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, colour: Colour, width: float
    ) -> None:
        """Draw a piece of a circle, between two angles counted from the right, against the clock."""
        steps = max(1, round(radius * abs(end - start) * 2))
        for step in range(steps + 1):
            angle = start + (end - start) * step / steps
            self.disc(x + radius * math.cos(angle), y - radius * math.sin(angle), width / 2, colour)

    def box(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        for row in range(y, y + height):
            self._rows[row][x * 3 : (x + width) * 3] = bytes(colour) * width

    def digit(self, x: float, y: float, digit: str, colour: Colour, dot: int = 4) -> None:
        """Write a digit with its upper left corner there."""
        for row, dots in enumerate(_DIGITS[digit]):
            for column in range(3):
                if int(dots, 8) & (4 >> column):
                    self.box(round(x) + column * dot, round(y) + row * dot, dot, dot, colour)

    def png(self) -> bytes:
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + row for row in self._rows), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")

    def _blend(self, column: int, row: int, colour: Colour, cover: float) -> None:
        if cover <= 0 or not (0 <= column < self.width and 0 <= row < self.height):
            return
        cover, place, pixels = min(1.0, cover), column * 3, self._rows[row]
        for band, value in enumerate(colour, place):
            pixels[band] = round(pixels[band] + (value - pixels[band]) * cover)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
