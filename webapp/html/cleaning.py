"""Shows text that somebody wrote elsewhere: cleaned, with its files and links leading to ours.

The original stays in its column for the next backup; only what is shown is cleaned. The
text is sifted first, which also makes it well-formed; then parts that have no place on our
pages are rewritten; and what comes out of that is sifted once more, so that a mistake in
the rewriting can't let anything through (tests/unit/html).
"""

from __future__ import annotations

import html as entities
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import nh3
from markupsafe import Markup, escape

from jobs.archive.ids.tokens import ITEM_TYPES
from jobs.language import gettext as _
from webapp.html.rewriting import rewrite
from webapp.html.styles import harmless_style

log = logging.getLogger(__name__)

#: The formats of Moodle's texts: lib/weblib.php FORMAT_*.
AUTO, HTML, PLAIN, MARKDOWN = 0, 1, 2, 4

FILE_PREFIX = "@@PLUGINFILE@@/"
#: "$@PAGEVIEWBYID*12@$": what a backup writes for an address of its own site.
_TOKEN = re.compile(r"\$@([A-Z0-9]+)((?:\*[0-9]{1,16})*)@\$")
#: Tokens whose first number is an activity: reference lib, backup/moodle2/*_decode_rule.
_ACTIVITY_TOKEN = re.compile(
    r"(?:VIEWBYID(?:CH)?|BOOKSTART|BOOKCHAPTER|VIEWPAGE|ANALYSISBYID|SHOWENTRIESBYID)$"
)
_COURSE_TOKENS = {"COURSEVIEWBYID", "BADGESVIEWBYID", "USERINDEXVIEWBYID"}

#: More elements than this are shown as words: the parser's time grows with the square of
#: how deep they nest, and so many take it a second.
MOST_ELEMENTS = 15_000

_TAGS = {
    "a", "abbr", "acronym", "article", "audio", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul",
    "var", "video", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
_FIRST_TAGS = _TAGS | {"iframe"}
_FIRST_ATTRIBUTES = _ATTRIBUTES | {"*": _ATTRIBUTES["*"] | {"style"}, "iframe": {"src"}}
_LAST_ATTRIBUTES = _ATTRIBUTES | {"*": _ATTRIBUTES["*"] | {"data-css"}}
_SCHEMES = {"http", "https", "mailto", "tel", "data"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_ADDRESSES = {"href", "src", "poster"}


def _nowhere(_what: object) -> None:
    return None


def _no_item(_activity_type: str, _item: int) -> None:
    return None


@dataclass(frozen=True)
class Links:
    """Where the files and links of one text lead; each answers None for what is not there."""

    #: The address of an embedded file, by its path ("maps/harbour map.png").
    file: Callable[[str], str | None] = _nowhere
    #: The address of an activity, by its course-module id.
    activity: Callable[[int], str | None] = _nowhere
    #: The address of a section, by its id.
    section: Callable[[int], str | None] = _nowhere
    #: The address of one thing in an activity, by the activity's type and its id.
    item: Callable[[str, int], str | None] = _no_item
    course: str | None = None
    #: Where the questions of the course stand.
    bank: str | None = None


NO_LINKS = Links()


def render(
    text: str | None, format: int | None, links: Links = NO_LINKS, *, top: int = 2, key: str = "text"
) -> Markup:
    """The text as HTML that may stand on a page.

    Its headings begin at level `top`; its ids begin with `key`, which must be another one
    for each text of a page.
    """
    if not text or not text.strip():
        return Markup("")
    if format in (PLAIN, MARKDOWN):
        return _as_words(_without_tokens(text, links))
    if text.count("<") > MOST_ELEMENTS and len(re.findall(r"<[a-zA-Z]", text)) > MOST_ELEMENTS:
        return _too_large() + _as_words(words(text))
    if format == AUTO and not re.search(r"<(?:p|br|div|table|ul|ol)\b", text, re.IGNORECASE):
        text = text.replace("\n", "<br>")
    sifted = nh3.clean(
        text,
        tags=_FIRST_TAGS,
        attributes=_FIRST_ATTRIBUTES,
        attribute_filter=_Filter(links, key),
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return clean(_without_tokens(rewrite(sifted, top), links))


def clean(html: str) -> Markup:
    """The HTML without anything that could act, leave its place or pass for a part of ours."""
    return Markup(  # noqa: S704 - this is the one place that makes foreign HTML safe
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_LAST_ATTRIBUTES,
            attribute_filter=_last_filter,
            url_schemes=_SCHEMES,
            url_relative=lambda address: address if re.match(r"/(?![/\\])|#", address) else None,
            link_rel="noopener noreferrer",
        )
    )


def format_of(said: str | None) -> int:
    """In which format a text is, by the leaf beside it; HTML where that says nothing known."""
    return int(said) if said in ("0", "1", "2", "4") else HTML


#: Tags that may stand in the middle of a word, or before a full stop.
_WITHIN_WORDS = re.compile(
    r"</?(?:a|abbr|b|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^>]*)?>", re.I
)


def words(html: str | None) -> str:
    """The words of a text alone, in one line."""
    if not html:
        return ""
    bare = re.sub(r"<(?:script|style)\b.*?</(?:script|style)\s*>", " ", html, flags=re.DOTALL | re.IGNORECASE)
    bare = _WITHIN_WORDS.sub("", bare)
    return " ".join(entities.unescape(re.sub(r"</?[a-zA-Z!][^>]*>", " ", bare)).split())


def _as_words(text: str) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in text.strip().splitlines()))


@dataclass
class _Filter:
    """Decides about each attribute of one text."""

    links: Links
    key: str
    ids: set[str] = field(default_factory=set)

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        try:
            return self._decide(tag, attribute, value)
        except Exception as error:
            # The sifter would let through what its filter fails at.
            log.error("nothing could be decided about an attribute: %s", type(error).__name__)
            return None

    def _decide(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute in _ADDRESSES:
            return self._address(tag, value.strip())
        if attribute in ("id", "name"):
            return self._own_id(value)
        if attribute == "style":
            return harmless_style(value)
        return value

    def _address(self, tag: str, value: str) -> str | None:
        if value.startswith(FILE_PREFIX):
            path = re.split(r"[?#]", value.removeprefix(FILE_PREFIX), maxsplit=1)[0]
            return self.links.file(unquote(path))
        if token := _TOKEN.search(value):
            return _address_of(token, self.links)
        if value.startswith("#"):
            return f"#{self.key}-{value[1:]}" if len(value) > 1 else None
        if value.startswith("//"):
            return f"https:{value}"
        if value[:5].lower() == "data:":
            return value if tag == "img" else None
        # An address without a site meant another site's pages; here it would mean ours.
        return value if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value) else None

    def _own_id(self, value: str) -> str | None:
        own = f"{self.key}-{value}"
        if value in self.ids or not re.fullmatch(r"[\w.:-]+", value):
            return None
        self.ids.add(value)
        return own


def _last_filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute in _ADDRESSES and value.strip()[:5].lower() == "data:":
        return value if tag == "img" and _PICTURE.fullmatch(value.strip()) else None
    return value


def _address_of(token: re.Match[str], links: Links) -> str | None:
    name, numbers = token[1], [int(number) for number in token[2].split("*")[1:]]
    if name in _COURSE_TOKENS:
        return links.course
    if numbers and name == "COURSESECTIONBYID":
        return links.section(numbers[0])
    if numbers and name in ITEM_TYPES and (address := links.item(ITEM_TYPES[name], numbers[-1])):
        return address
    if numbers and _ACTIVITY_TOKEN.search(name):
        # A bank that came into the course of an older Moodle has become part of the course's own.
        return links.activity(numbers[0]) or (links.bank if name == "QBANKVIEWBYID" else None)
    return None


def address_in(text: str, links: Links) -> str | None:
    """The address of ours that a whole text stands for; None if it is not one token, or leads nowhere."""
    token = _TOKEN.fullmatch(text.strip())
    return _address_of(token, links) if token else None


def _too_large() -> Markup:
    return Markup("<p><em>{}</em></p>").format(_("This text is too large to show with its layout."))


def _without_tokens(html: str, links: Links) -> str:
    """Say something a person can read where an address stands among the words."""
    html = _TOKEN.sub(lambda token: _address_of(token, links) or _("(not in this course)"), html)
    return html.replace(FILE_PREFIX, "")
