"""How numbers, dates and names are written."""

from datetime import UTC, datetime

import pytest
from markupsafe import escape

from jobs.language.sizes import size
from webapp.cli.terminal import counted
from webapp.pages.formatters import beginning, duration, iso, moment, ordinal, shelf_lines


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1500, "1.5 kB"), (664_000_000, "664 MB"), (2_100_000_000, "2.1 GB")],
)
def test_a_size_is_said_as_people_say_it(count, words):
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "less than a second"), (1, "1 second"), (89, "89 seconds"), (250, "4 minutes"), (7200, "2 hours")],
)
def test_a_time_is_as_exact_as_one_cares(seconds, words):
    assert duration(seconds) == words


def test_a_number_has_its_noun():
    assert (counted(1, "person", "people"), counted(1200, "file")) == ("1 person", "1,200 files")
    assert (ordinal(1), ordinal(3), ordinal(12)) == ("Next", "Third", "Number 12")


@pytest.mark.parametrize(
    ("shortname", "lines"),
    [("GEO 9 TID", ["GEO 9", "TID"]), ("TIDE101", ["TIDE", "101"]), ("ORCHESTRA", ["ORCHESTR"]), ("", ["?"])],
)
def test_a_short_name_fits_the_label_on_a_spine(shortname, lines):
    assert shelf_lines(shortname) == lines


@pytest.mark.parametrize("said", [moment, lambda at: beginning(moment(at))])
def test_in_a_page_the_exact_moment_stands_behind_the_words(said):
    at = datetime(2019, 3, 1, 15, 4, 5, tzinfo=UTC)

    shown = str(escape(said(at)))

    assert shown.startswith(f'<time datetime="{iso(at)}" title="Friday 1 March 2019, ')
    assert shown.endswith(f">{said(at)}</time>")
    assert "<" not in f"{said(at)}", "in a sentence and in a mail it is words alone"


def test_a_sentence_begins_with_a_capital():
    assert (beginning("today, 16:05"), beginning("")) == ("Today, 16:05", "")
