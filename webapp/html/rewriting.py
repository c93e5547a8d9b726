"""Rewrites what has no place on our pages: frames, pictures and films of other sites, headings of any level.

Works on what the sifter wrote: well-formed, in small letters, double quotes, and without a `<`
but for tags. Knows nothing of safety: its output is sifted again.
"""

from __future__ import annotations

import html as entities
import re

from jobs.archive.addresses import host_of
from jobs.language import gettext as _

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>")
_FRAME = re.compile(r"<iframe((?:[^<>\"]|\"[^\"]*\")*)>.*?</iframe>", re.DOTALL)
_MEDIA = re.compile(r"<(video|audio)((?:[^<>\"]|\"[^\"]*\")*)>(.*?)</\1>", re.DOTALL)
_SOURCE = re.compile(r"<source((?:[^<>\"]|\"[^\"]*\")*)>")
_EMPTY_HEADING = re.compile(r"<(h[1-6])[^<>]*>(?:\s|&nbsp;|<br>)*</\1>")
_EMPTY_LINK = re.compile(r"<a((?:[^<>\"]|\"[^\"]*\")*)>(\s|&nbsp;|<br>)*</a>")
_FILM_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com")


def rewrite(html: str, top: int) -> str:
    """The same text with headings from level `top` on and with links for what lies elsewhere."""
    html = _FRAME.sub(lambda frame: _frame_link(_source_of(frame[1])), html)
    html = _MEDIA.sub(_media, html)
    html = _EMPTY_HEADING.sub("", html)
    return _EMPTY_LINK.sub(_bare_anchor, _TAG.sub(_Tags(html, top), html))


def _bare_anchor(link: re.Match[str]) -> str:
    """A link without a word leads nobody anywhere; it may still be where another one leads to."""
    own_id = re.search(r' id="[^"]*"', link[1])
    return f"<span{own_id[0]}></span>" if own_id else ""


class _Tags:
    """Rewrites one tag after another of one text."""

    def __init__(self, html: str, top: int) -> None:
        used = sorted({int(level) for level in re.findall(r"<h([1-6])[ >]", html)})
        self._levels = {level: min(6, top + place) for place, level in enumerate(used)}
        self._above = top - 1
        self._open: list[int] = []
        self._in_link = False

    def __call__(self, tag: re.Match[str]) -> str:
        slash, name, attributes = tag.groups()
        attributes = attributes.replace(' style="', ' data-css="')
        if len(name) == 2 and name[0] == "h" and name[1].isdigit():
            return f"<{slash}h{self._close() if slash else self._begin(int(name[1]))}{attributes}>"
        if name == "a":
            self._in_link = not slash
        if name == "img":
            return _picture(attributes, in_link=self._in_link)
        return f"<{slash}{name}{attributes}>"

    def _begin(self, level: int) -> int:
        # No level is skipped on the way down, whatever the author thought looked right.
        self._above = min(self._levels[level], self._above + 1)
        self._open.append(self._above)
        return self._above

    def _close(self) -> int:
        return self._open.pop() if self._open else self._above


def _picture(attributes: str, *, in_link: bool) -> str:
    source = _source_of(attributes)
    if source.startswith(("http:", "https:")):
        alt = re.search(r'alt="([^"]*)"', attributes)
        text = (alt[1].strip() if alt else "") or _("Picture at %(site)s", site=_host(source))
        # A link in a link would end the outer one, and leave it empty.
        return text if in_link else _link(source, text)
    if not source:
        alt = re.search(r'alt="([^"]*)"', attributes)
        return alt[1] if alt else ""
    return f"<img{attributes}>" if ' alt="' in attributes else f'<img{attributes} alt="">'


def _media(part: re.Match[str]) -> str:
    kind, attributes, inside = part.groups()
    addresses = [_source_of(one) for one in (attributes, *_SOURCE.findall(inside))]
    if any(one.startswith("/") for one in addresses):
        inside = _SOURCE.sub(
            lambda source: source[0] if _source_of(source[1]).startswith("/") else "", inside
        )
        if not _source_of(attributes).startswith("/"):
            attributes = re.sub(r' src="[^"]*"', "", attributes)
        return f'<{kind}{attributes} controls="" preload="metadata">{inside}</{kind}>'
    elsewhere = next((one for one in addresses if one.startswith("http")), None)
    if elsewhere:
        site = _host(elsewhere)
        return _link(elsewhere, _film_at(site) if kind == "video" else _("Sound at %(site)s", site=site))
    return _SOURCE.sub("", inside)


def _frame_link(source: str) -> str:
    if not source.startswith(("http:", "https:")):
        return ""
    host = _host(source)
    film = any(host == known or host.endswith(f".{known}") for known in _FILM_HOSTS)
    return _link(source, _film_at(host) if film else _("Page at %(site)s", site=host))


def _film_at(site: str) -> str:
    return _("Film at %(site)s", site=site)


def _link(address: str, text: str) -> str:
    """A link; both parts are escaped already, as they come out of the sifter."""
    return f'<a href="{address}">{text}</a>'


def _source_of(attributes: str) -> str:
    found = re.search(r' src="([^"]*)"', attributes)
    return found[1] if found else ""


def _host(address: str) -> str:
    return entities.escape(host_of(entities.unescape(address)) or _("another site"))
