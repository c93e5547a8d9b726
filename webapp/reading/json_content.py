"""A leaf that holds JSON, such as what the H5P plugin (mod_hvp) keeps of a content, as branches to read.

H5P: what a part is made of stands in `params`, what it is called in `metadata`, its kind in `library`
("H5P.MultiChoice 1.14"). Beside these it writes words for buttons and how they behave, which say nothing to a reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from jobs.language import gettext as _
from webapp.reading.branch import DEEPEST, Branch
from webapp.reading.leaves import TITLES, Fact, is_secret, label_of, looks_like_html, plain_fact

#: Longer texts are not opened, and of a text no more parts are shown.
LONGEST, MOST_PARTS = 2_000_000, 3000
#: Several words are something to read, and no setting.
_SENTENCE = re.compile(r"\S+\s+\S+\s+\S+")
_WRAPPING = frozenset({"params", "metadata"})
_SILENT = frozenset({
    "subContentId", "copyright", "license", "licenseExtras", "contentType", "l10n", "UI", "behaviour", "override",
    "confirmCheck", "confirmRetry", "defaultLanguage", "yearFrom", "yearTo", "changes", "mime",
})  # fmt: skip


def parsed(text: str) -> dict[str, Any] | list[Any] | None:
    """What a text holds that is a JSON object or list; None for every other text."""
    if text[:1] not in ("{", "[") or len(text) > LONGEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) and found else None


def branch_of(label: str, content: dict[str, Any] | list[Any], render: Callable[[str], Markup]) -> Branch:
    """The content as a branch; `render` cleans a text of it."""
    return _Reading(render).branch(label, content, 0)


class _Reading:
    def __init__(self, render: Callable[[str], Markup]) -> None:
        self._render = render
        self._parts = 0

    def branch(self, label: str, content: dict[str, Any] | list[Any], depth: int) -> Branch:
        branch = Branch(label)
        if isinstance(content, dict) and isinstance(content.get("correct"), bool):
            branch.title = _("Right answer") if content["correct"] else _("Wrong answer")
            content = {name: value for name, value in content.items() if name != "correct"}
        self._fill(branch, content, depth)
        return branch

    def _fill(self, branch: Branch, content: dict[str, Any] | list[Any], depth: int) -> None:
        for name, value in _named(content):
            self._parts += 1
            if self._parts > MOST_PARTS or name in _SILENT or value in (None, "", [], {}):
                continue
            if isinstance(value, (dict, list)):
                # What a list holds is called as the list is.
                label = _label(name) if isinstance(content, dict) else f"{branch.kind} {name}"
                self._put_in(branch, name, label, value, depth)
            elif isinstance(value, str):
                self._text(branch, name, value.strip())
            elif isinstance(value, bool):
                branch.facts.append(Fact(_label(name), _("yes") if value else _("no")))
            else:
                branch.facts.append(_fact(name, str(value)))

    def _put_in(
        self, branch: Branch, name: str, label: str, value: dict[str, Any] | list[Any], depth: int
    ) -> None:
        if name in _WRAPPING and isinstance(value, dict):
            self._fill(branch, value, depth)
        elif depth < DEEPEST and not (inside := self.branch(label, value, depth + 1)).is_empty:
            branch.inside.append(inside)

    def _text(self, branch: Branch, name: str, text: str) -> None:
        if is_secret(name.lower()):
            branch.facts.append(_fact(name, text))
        elif not branch.title and name in TITLES and len(text) < 300 and not looks_like_html(text):
            branch.title = text
        elif looks_like_html(text):
            branch.texts.append((_label(name), self._render(text)))
        elif _SENTENCE.search(text):
            branch.texts.append((_label(name), Markup("<p>{}</p>").format(text)))
        else:
            branch.facts.append(_fact(name, text))


def _named(content: dict[str, Any] | list[Any]) -> Iterable[tuple[str, Any]]:
    return content.items() if isinstance(content, dict) else _numbered(content)


def _numbered(content: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((str(place), one) for place, one in enumerate(content, 1))


def _fact(name: str, text: str) -> Fact:
    return replace(plain_fact(name.lower(), text), label=_label(name))


def _label(name: str) -> str:
    """JSON writes "maxScore"."""
    return label_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
