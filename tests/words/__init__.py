"""All texts that pass through translation, and the files of what they are in other languages."""

from __future__ import annotations

import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from jobs.language import ENGLISH, LANGUAGES

ROOT = Path(__file__).parents[2]
OTHERS = sorted(LANGUAGES.keys() - {ENGLISH})

#: How each kind of file is read; a command line speaks English.
_READERS = [
    ("cli/**", "ignore"),
    ("migrations/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.*", "jinja2"),
    ("guide/*.toml", "tests.words:texts_of_toml"),
]
_OPTIONS = {
    "templates/**.*": {
        "trimmed": "true",
        "newstyle_gettext": "true",
        "extensions": "jinja2.ext.do",
        "silent": "false",
    }
}
#: A block of a template that is translated as a whole comes out as a call of gettext.
_CALLS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
#: What stands in the guide and is no text.
_NO_TEXTS = {"endpoint", "group"}


def file_of(language):
    """Where the translations into the language are."""
    return ROOT / "jobs/language" / f"{language}.po"


def texts_of_toml(file, calls, comments, options):
    """What the guide says, for Babel: line, call, text and comments of each. Line numbers aren't known."""
    for table in tomllib.load(file).values():
        for key, text in table.items():
            if key not in _NO_TEXTS:
                yield 1, "_", text, []


def gather():
    """Every text that there is, each with the files that say it."""
    found = Catalog()
    for folder in ("jobs", "webapp"):
        texts = extract_from_dir(ROOT / folder, _READERS, _OPTIONS, _CALLS)
        for name, _line, text, comments, context in texts:
            found.add(text, locations=[(f"{folder}/{name}", None)], auto_comments=comments, context=context)
    return found


def read(language):
    """The translations into the language as they stand in its file."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to_date(language):
    """Write the language's file anew: with every text, and none that is said no more."""
    catalogue = read(language)
    catalogue.update(gather(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.msgid_bugs_address = "Coursekeep", ""
    catalogue.last_translator = catalogue.language_team = ""
    with file_of(language).open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    return [message for message in catalogue if message.id and not said(message)]


def said(message):
    """Whether the message is translated, in all of its forms."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms) and not message.fuzzy
