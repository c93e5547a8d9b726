"""What is said in another language."""

import re

import pytest
from markupsafe import escape

from jobs.language import (
    current_language,
    gettext as _,
    known,
    lazy_gettext as _l,
    ngettext,
    number,
    speaking,
)
from jobs.language.sizes import size
from webapp.pages.formatters import duration, moment


def test_what_is_said_is_in_the_language_that_is_spoken():
    with speaking("fr"):
        inside = (current_language(), _("Language"), ngettext("%(num)s day", "%(num)s days", 2))

    assert inside == ("fr", "Langue", "2 jours")
    assert (current_language(), _("Language")) == ("en", "Language")


def test_numbers_sizes_and_times_are_written_as_the_language_does():
    with speaking("fr"):
        said = (number(12345), size(1500), size(1), duration(3 * 86400))
        year = moment(1_000_000_000)

    assert said == ("12\N{NARROW NO-BREAK SPACE}345", "1,5 ko", "1 octet", "3 jours")
    assert re.match(r"dim\. 9 sept\. 2001, \d\d:\d\d$", year)


def test_what_is_declared_once_is_translated_when_it_is_written_out():
    declared = _l("Language")

    with speaking("fr"):
        written = (str(declared), f"{declared}:", escape(declared), declared.lower(), declared.capitalize())

    assert written == ("Langue", "Langue:", "Langue", "langue", "Langue")
    assert str(declared) == "Language"


def test_what_is_declared_can_be_told_its_values_when_it_is_said():
    declared = _l("Nobody translates %(what)s.")

    assert _(declared, what="this") == "Nobody translates this."


def test_a_text_without_a_translation_is_said_in_english():
    with speaking("fr"):
        assert _("Nobody translates %(what)s.", what="this") == "Nobody translates this."


@pytest.mark.parametrize(("asked", "spoken"), [("fr", "fr"), ("xx", "en"), (None, "en")])
def test_only_languages_that_there_are_can_be_spoken(asked, spoken):
    assert known(asked) == spoken
