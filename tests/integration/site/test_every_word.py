"""Every word of every page passes through translation, and French has all of them."""

import gettext
import re

import pytest
import sqlalchemy as sa
from babel import Locale
from bs4 import Comment, Doctype

from jobs import language
from tests.conftest import Browser, make_instance, opened_app
from tests.hostile.routes import EXPECTED, GET, ask, ways_in
from tests.hostile.school import make_school
from tests.pages import parse
from tests.words import OTHERS, gather, read, said
from webapp.extensions import db
from webapp.models import User, set_setting

VALUE = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
TAG = re.compile(r"</?\w+")
WORD = re.compile(r"[^\W\d_]{3,}")
#: A text may go on over several elements.
PIECE = re.compile(r"⟦|⟧|[^⟦⟧]+")
#: What people read and hear of an element beside its text.
SAID = ("aria-label", "title", "placeholder", "alt", "data-label")
#: Names that are the same in every language.
NAMES = {
    "Coursekeep",
    "Moodle",
    "English",
    "Français",
    "UTC",
    "mbz",
    "CSV",
    "ELSEWHER",
    "coursekeep",
    "localhost",
    "eml",
}
#: What Babel calls the days and months.
DAYS = {
    said
    for names in (Locale("fr").days, Locale("fr").months)
    for width in names["format"].values()
    for word in width.values()
    for said in (word.strip("."), word.strip(".").capitalize())
}
#: The page that shows all parts, with made-up words; and a mail as it lies in its file.
NO_PAGES = {"guide.styleguide", "messages.read_mail"}


class Marked(gettext.NullTranslations):
    """A language in which every text stands in brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, msgid1, msgid2, n):
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context, message):
        return f"⟦{message}⟧"


@pytest.fixture(scope="module")
def school(tmp_path_factory, template_database, compiled):
    instance = make_instance(tmp_path_factory.mktemp("school"), template_database)
    with opened_app(instance, compiled) as app:
        school = make_school()
        set_setting("async_jobs", True, by=None)
        db.session.execute(sa.update(User).values(language="fr"))
        db.session.commit()
        school.app = app
        yield school


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(language, "_translations", lambda _language: Marked())


def browser_of(school, asker):
    browser = Browser(school.app, school.app.response_class, use_cookies=True)
    with browser.session_transaction() as session:
        session["token"] = school.tokens[asker]
    return browser


def words_of_data():
    """Every word that stands in the database: it is said as it is."""
    words = set()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            words |= {word for value in row if value is not None for word in WORD.findall(in_words(value))}
    return words


def in_words(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def unmarked_words(page):
    """The words of a page that stand in no brackets, of what is read and of what is heard."""
    for element in page(["script", "style", "code", "pre", "option"]):
        element.decompose()
    texts = [text for text in page.find_all(string=True) if not isinstance(text, Comment | Doctype)]
    heard = [element[name] for element in page.find_all(True) for name in SAID if element.get(name)]
    depth, words = 0, set()
    for piece in PIECE.findall("\n".join([*texts, *heard])):
        depth += {"⟦": 1, "⟧": -1}.get(piece, 0)
        if depth == 0:
            words |= set(WORD.findall(VALUE.sub(" ", piece)))
    return words


@pytest.mark.parametrize("asker", ["admin", "editing teacher", "pupil"])
def test_every_word_of_every_page_passes_through_translation(school, marked, asker):
    browser, data = browser_of(school, asker), words_of_data() | NAMES | DAYS
    pages = [
        (rule, way)
        for rule, way in ways_in(school.app)
        if way == GET and rule.endpoint not in NO_PAGES and not EXPECTED[rule.endpoint, way].told(asker)
    ]

    left = {}
    for rule, way in pages:
        answer = ask(browser, rule, way, school.here)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            left[rule.endpoint] = sorted(unmarked_words(parse(answer.text)) - data)

    assert len(left) > 15
    assert {endpoint: words for endpoint, words in left.items() if words} == {}


@pytest.mark.parametrize("other", OTHERS)
def test_every_text_has_its_translation_and_no_translation_is_left_over(other):
    texts = {(message.id, message.context) for message in gather() if message.id}

    translated = {(message.id, message.context) for message in read(other) if message.id and said(message)}

    assert texts - translated == set(), "make words, then translate these"
    assert translated - texts == set(), "make words"


@pytest.mark.parametrize("other", OTHERS)
def test_a_translation_has_the_values_and_tags_of_its_text(other):
    wrong = [message.id for message in read(other) if message.id and not agrees(message)]

    assert wrong == []


def agrees(message):
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(
        sorted(pattern.findall(texts[-1])) == sorted(pattern.findall(forms[-1])) for pattern in (VALUE, TAG)
    )
