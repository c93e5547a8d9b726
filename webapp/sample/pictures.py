"""The pictures of the sample course, drawn from the list of stars that comes with it."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from webapp.sample.canvas import Canvas, Colour

SKY: Colour = (18, 24, 38)
STAR: Colour = (245, 243, 232)
LINE: Colour = (86, 104, 138)
POINTER: Colour = (140, 201, 168)
NUMBER: Colour = (226, 190, 110)
WARM: Colour = (255, 190, 130)
BLUISH: Colour = (200, 220, 255)
EARTHLIT: Colour = (52, 58, 72)

_STARS = Path(__file__).parent / "en" / "files" / "stars.csv"


@dataclass(frozen=True)
class Star:
    name: str
    hours: float
    degrees: float
    magnitude: float

    @property
    def size(self) -> float:
        """Its radius on a chart: what shines stronger is drawn larger."""
        return 1.6 + 1.15 * (4.2 - self.magnitude)

    @property
    def colour(self) -> Colour:
        return {"Betelgeuse": WARM, "Aldebaran": WARM, "Rigel": BLUISH}.get(self.name, STAR)


def draw(name: str) -> bytes:
    """The picture with this name as PNG; always the same bytes. Raises KeyError."""
    return _PICTURES[name]().png()


def stars(chart: str) -> dict[str, Star]:
    """The stars of one chart, by name."""
    with _STARS.open(encoding="utf-8", newline="") as rows:
        return {row["star"]: _star(row) for row in csv.DictReader(rows) if row["number"].startswith(chart)}


def _star(row: dict[str, str]) -> Star:
    return Star(
        row["star"],
        float(row["right ascension (hours)"]),
        float(row["declination (degrees)"]),
        float(row["magnitude"]),
    )


def _plough() -> Canvas:
    """The north as one sees it on an evening in spring: the Plough above the Pole Star."""
    canvas, placed = Canvas(720, 560, SKY), {}
    for star in stars("plough").values():
        # Facing north the hours run with the clock; 12 o'clock of the sky is put on top.
        angle, away = math.radians((star.hours - 12.3) * 15), (90 - star.degrees) * 6.6
        placed[star.name] = (360 + away * math.sin(angle), 300 - away * math.cos(angle), star)
    _join(canvas, placed, ("Merak", "Phecda", "Megrez", "Dubhe", "Merak"))
    _join(canvas, placed, ("Megrez", "Alioth", "Mizar", "Alkaid"))
    _join(canvas, placed, ("Caph", "Schedar", "Gamma", "Ruchbah", "Segin"))
    _join(canvas, placed, ("Dubhe", "Pole Star"), POINTER)
    _dots(canvas, placed)
    numbers = {"Merak": "1", "Dubhe": "2", "Pole Star": "3", "Mizar": "4", "Gamma": "5"}
    _number(canvas, placed, numbers, {"Merak": (-28, -8), "Dubhe": (-28, -4)})
    return canvas


def _orion() -> Canvas:
    """The south on a winter evening; east is on the left."""
    canvas, placed = Canvas(720, 600, SKY), {}
    for star in stars("orion").values():
        placed[star.name] = (380 - (star.hours - 5.6) * 15 * 14.5, 270 - star.degrees * 14.5, star)
    _join(canvas, placed, ("Betelgeuse", "Alnitak", "Saiph", "Rigel", "Mintaka", "Bellatrix", "Betelgeuse"))
    _join(canvas, placed, ("Betelgeuse", "Meissa", "Bellatrix"))
    _join(canvas, placed, ("Alnitak", "Alnilam", "Mintaka"))
    _join(canvas, placed, ("Alnitak", "Sirius"), POINTER)
    _join(canvas, placed, ("Mintaka", "Aldebaran"), POINTER)
    _dots(canvas, placed)
    names = ("Betelgeuse", "Rigel", "Mintaka", "Orion Nebula", "Sirius", "Aldebaran")
    numbers = {name: str(number) for number, name in enumerate(names, 1)}
    _number(canvas, placed, numbers, {"Betelgeuse": (-32, -10), "Sirius": (-36, -10)})
    return canvas


def _trails() -> Canvas:
    """Two hours of the sky around the pole."""
    canvas, start = Canvas(720, 480, SKY), 0.4
    for ring in range(2, 34):
        # No two arcs begin at the same angle: stars are not in line.
        start += 2.4
        bright = 90 + ring * 73 % 150
        canvas.arc(
            360,
            240,
            ring * 12.5 - 14,
            start,
            start + math.pi / 6,
            (bright, bright, min(255, bright + 20)),
            2.2,
        )
    canvas.arc(360, 240, 4, start, start + math.pi / 6, STAR, 6)
    return canvas


def _hand() -> Canvas:
    """Bars as wide as parts of the hand, on paper."""
    canvas = Canvas(720, 300, (245, 244, 239))
    for number, degrees in enumerate((1, 5, 10, 15, 22), 1):
        top = number * 54 - 34
        canvas.digit(24, top + 6, str(number), (85, 90, 91), dot=5)
        canvas.box(64, top, degrees * 29, 32, (25, 88, 63))
    return canvas


def _moon() -> Canvas:
    canvas = Canvas(720, 140, SKY)
    for number in range(8):
        canvas.moon(48 + number * 89, 56, 34, number / 8, (232, 228, 210), EARTHLIT)
        canvas.digit(44 + number * 89, 106, str(number + 1), NUMBER)
    return canvas


_PICTURES: dict[str, Callable[[], Canvas]] = {
    "plough.png": _plough,
    "trails.png": _trails,
    "orion.png": _orion,
    "hand.png": _hand,
    "moon.png": _moon,
}

_Placed = dict[str, tuple[float, float, Star]]


def _join(canvas: Canvas, placed: _Placed, names: tuple[str, ...], colour: Colour = LINE) -> None:
    for (x1, y1, _), (x2, y2, _) in pairwise(placed[name] for name in names):
        canvas.line(x1, y1, x2, y2, colour)


def _dots(canvas: Canvas, placed: _Placed) -> None:
    for x, y, star in placed.values():
        canvas.disc(x, y, star.size + 2.5, SKY)
        canvas.disc(x, y, star.size, star.colour)


def _number(
    canvas: Canvas, placed: _Placed, numbers: dict[str, str], elsewhere: dict[str, tuple[float, float]]
) -> None:
    for name, digit in numbers.items():
        x, y, _ = placed[name]
        right, down = elsewhere.get(name, (16, -10))
        canvas.digit(x + right, y + down, digit, NUMBER)
