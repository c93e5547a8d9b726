"""Every colour that a school can have is easy to read on every ground of the look, by day and by night."""

import re
from pathlib import Path

import pytest

from webapp.site_settings.palette import COLOURS, DEFAULT, stylesheet, swatches

CSS = (Path(__file__).parents[2] / "webapp/static/css/coursekeep.css").read_text("utf-8")
#: What text has to differ by (WCAG 2.2, 1.4.3).
LEAST = 4.5


def tokens(after):
    """The colours of the stylesheet's first block behind these words."""
    block = CSS[CSS.index(after) :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


DAY, NIGHT = tokens(":root {"), tokens("prefers-color-scheme: dark")
SHADES = [
    pytest.param(shades, grounds, id=f"{name} by {when}")
    for name, colour in COLOURS.items()
    for when, shades, grounds in (("day", colour.day, DAY), ("night", colour.night, NIGHT))
]


def brightness(colour):
    """The relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_it_is_defined():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("shades", "grounds"), SHADES)
def test_a_colour_is_easy_to_read_on_every_ground(shades, grounds):
    for ground in (grounds["paper"], grounds["sheet"], grounds["well"], shades.wash):
        assert contrast(shades.accent, ground) >= LEAST
        assert contrast(shades.pressed, ground) >= LEAST


@pytest.mark.parametrize(("shades", "grounds"), SHADES)
def test_what_is_written_on_a_colour_is_easy_to_read(shades, grounds):
    assert contrast(shades.on, shades.accent) >= LEAST
    assert contrast(shades.on, shades.pressed) >= LEAST
    for ink in (grounds["ink"], grounds["ink-2"]):
        assert contrast(ink, shades.wash) >= LEAST


@pytest.mark.parametrize(("shades", "there"), [(COLOURS[DEFAULT].day, DAY), (COLOURS[DEFAULT].night, NIGHT)])
def test_the_first_colour_is_that_of_the_look_itself(shades, there):
    names = ("accent", "accent-ink", "accent-wash", "on-accent")

    assert (shades.accent, shades.pressed, shades.wash, shades.on) == tuple(there[name] for name in names)


def test_a_stylesheet_says_both_themes_and_leaves_paper_alone():
    text = stylesheet("blue")

    assert text.startswith("@media screen {")
    assert text.count(COLOURS["blue"].night.accent) == 2  # by the system's choice and by the person's
    assert text.count(COLOURS["blue"].day.accent) == 1
    assert text.count("{") == text.count("}")


def test_each_colour_has_a_sample():
    assert all(f".swatch-{name} {{" in swatches() for name in COLOURS)
