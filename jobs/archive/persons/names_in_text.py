"""Finds people in what somebody wrote, by their full name, user name or mail address, and puts others there.

A first or last name alone may be a word as well, or another one's. It counts where this person takes part.
"""

import html
import re
import unicodedata
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"(?:[\s_.,'’+-]|%20|&nbsp;){0,3}")
# How texts write letters that not every keyboard has: HTML, JSON and links. Of the signs around them nothing is one.
_ESCAPED = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});|\\u[0-9a-fA-F]{4}"
    r"|%[c-fC-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){1,3}|%[4-7][0-9a-fA-F]"
)
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# User names that are words which people use.
_WORDS = frozenset(
    ("admin", "guest", "manager", "parent", "pupil", "staff", "student", "teacher", "tutor", "users")
)
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words that follow the first one; `split` of them, with it, become `left`, the others `right`."""

    words: tuple[str, ...]
    split: int
    left: str
    right: str
    written: str | None = None  # where case counts
    part_of: int = 0  # who must take part for it to count


class NamesInText:
    """Knows what a course's people are called."""

    def __init__(self) -> None:
        self._phrases: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._addresses: dict[str, str] = {}

    def add(self, number: int, *, username: str, email: str, firstname: str, lastname: str) -> None:
        """Take in a person, who is to be called by this number from now on."""
        if "@" in email:
            self._addresses[email.casefold()] = address(number)
        firstname, lastname = (unicodedata.normalize("NFC", one.strip()) for one in (firstname, lastname))
        first, last = _words(firstname), _words(lastname)
        for words, name, new in ((first, firstname, first_name), (last, lastname, last_name)):
            if len(name) > 1 or not name.isascii():
                self._put(words, len(words), new(number), written=name, part_of=number)
        if first and last:
            self._put(first + last, len(first), first_name(number), last_name(number))
            self._put(last + first, len(last), last_name(number), first_name(number))
            self._put(("".join(first + last),), 1, user_name(number))
            self._put(("".join(last + first),), 1, user_name(number))
        if len(username) >= _SHORTEST and username not in _WORDS:
            self._put(_words(username), len(_words(username)), user_name(number), written=username)

    def replace(self, text: str, present: Collection[int] = ()) -> str:
        """Return the text with other names in it; `present` are the new numbers of those who take part.

        Where a name is found in a text that escapes letters, they stand there as they are from then on.
        """
        plain = _with_letters(text)
        changed = self._replace(plain, present)
        return text if changed == plain else changed

    def _replace(self, text: str, present: Collection[int]) -> str:
        if "@" in text:
            text = _ADDRESS.sub(lambda found: self._addresses.get(found[0].casefold(), found[0]), text)
        parts, done = [], 0
        for start, end, new in self._found(text, present):
            if start >= done:
                parts += [text[done:start], new]
                done = end
        return "".join([*parts, text[done:]]) if parts else text

    def _put(
        self,
        words: tuple[str, ...],
        split: int,
        left: str,
        right: str = "",
        *,
        written: str | None = None,
        part_of: int = 0,
    ) -> None:
        if words:
            phrase = _Phrase(words[1:], split, left, right, written, part_of)
            # The longest comes first: a full name before its first half.
            insort(self._phrases[words[0]], phrase, key=lambda one: -len(one.words))

    def _found(self, text: str, present: Collection[int]) -> Iterator[tuple[int, int, str]]:
        for word in _WORD.finditer(text):
            for phrase in self._phrases.get(word[0].casefold(), ()):
                if phrase.part_of and phrase.part_of not in present:
                    continue
                if found := _match(text, word, phrase):
                    yield word.start(), *found
                    break


def _match(text: str, word: re.Match[str], phrase: _Phrase) -> tuple[int, str] | None:
    """Where the phrase ends that begins with this word, and what is to stand there."""
    words = [word]
    for expected in phrase.words:
        gap = _GAP.match(text, words[-1].end())
        following = _WORD.match(text, gap.end() if gap else words[-1].end())
        if following is None or following[0].casefold() != expected:
            return None
        words.append(following)
    end = words[-1].end()
    if phrase.written not in (None, text[word.start() : end]):
        return None
    gaps = [text[one.end() : other.start()] for one, other in pairwise(words)]
    between = gaps[phrase.split - 1] if phrase.right else ""
    return end, f"{phrase.left}{between}{phrase.right}"


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name.casefold()))


def _with_letters(text: str) -> str:
    """The text with each letter as one character that stands for itself."""
    return unicodedata.normalize("NFC", _ESCAPED.sub(_letter, text))


def _letter(found: re.Match[str]) -> str:
    written = found[0]
    if written.startswith("&"):
        letter = html.unescape(written)
    elif written.startswith("%"):
        letter = unquote(written, errors="replace")
    else:
        letter = chr(int(written[2:], 16))
    return letter if letter.isalpha() else written


# As Moodle 4.5 backup/util/helper/backup_anonymizer_helper.class.php has them: by them it knows such people again.


def user_name(number: int) -> str:
    return f"anon{number}"


def first_name(number: int) -> str:
    return f"anonfirstname{number}"


def last_name(number: int) -> str:
    return f"anonlastname{number}"


def address(number: int) -> str:
    return f"anon{number}@doesntexist.invalid"
