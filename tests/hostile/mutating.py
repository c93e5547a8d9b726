"""Changes honest input at random, again and again, and hands it to what has to bear anything.

A target takes bytes, and may refuse them in the way that it promises. Whatever else it raises is a finding; the
seed makes the same input again.
"""

import io
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from jobs.archive.ids import php, tokens
from jobs.archive.ids.availability import conditions
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.survey import survey
from jobs.archive.xml import split
from jobs.problems import ArchiveProblem
from tests.archives import pack_tgz, pack_zip, small_course
from tests.hostile.payloads import PAYLOADS
from webapp.html import AUTO, HTML, render

#: Seconds that no input may take.
LONGEST = 10
#: What parsers trip over.
TOKENS = [
    b"<", b">", b"&", b"&#0;", b"&lt;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x?>", b"<!DOCTYPE x>", b"\0",
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b'"', b"'", b"$@NULL@$", b"$@PAGEVIEWBYID*1@$", b"$@", b"@$", b"*",
    b"@@PLUGINFILE@@/", b"9" * 20, b"9" * 5000, b"-1", b"0", b"1e9", b"\n", b"\t", b"\\", b"../", b"a:1:{",
    b's:9:"', b'O:8:"', b"R:1;", b"}", b"{", b"[", b"]", b":", b";", b"PK\x01\x02", b"PK\x05\x06", b"ustar",
    *(sign.encode() for sign in ("\N{ARABIC-INDIC DIGIT THREE}", "\N{RIGHT-TO-LEFT OVERRIDE}", *PAYLOADS)),
]  # fmt: skip
_NUMBER = re.compile(rb"\d+")


def mutated(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """The content with one to eight changes; `other` gives pieces to splice in."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at, length = dice.randrange(len(changed) + 1), dice.choice([1, 2, 8, 64, 500])
        match dice.randrange(7):
            case 0:
                changed[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = dice.choice(TOKENS)
            case 3:
                changed[at : at + length] = dice.choice(TOKENS)
            case 4:
                changed[at:at] = changed[at : at + length] * dice.choice([1, 2, 50])
            case 5:
                start = dice.randrange(len(other) + 1)
                changed[at : at + length] = other[start : start + length]
            case 6 if numbers := list(_NUMBER.finditer(changed)):
                found = dice.choice(numbers)
                changed[found.start() : found.end()] = dice.choice(TOKENS)
    return bytes(changed)


def _survey(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.mbz"
        path.write_bytes(content)
        try:
            survey(path)
        except ArchiveProblem:
            return


def _survey_document(content: bytes) -> None:
    """An archive in which one document is this; its name stands before the first line break."""
    name, _, document = content.partition(b"\n")
    known = name.decode("utf-8", "replace")
    members = small_course()
    _survey(pack_tgz(members | {known if known in members else "moodle_backup.xml": document}))


def _split(content: bytes) -> None:
    try:
        for _ in split(io.BytesIO(content), lambda path: path.count("/") == 2, DEFAULT_LIMITS):
            pass
    except ArchiveProblem:
        return


def _php(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    php.within(text, lambda written: written[::-1])
    try:
        assert php.write(php.parse(content)) == content
        php.unpack_settings(text)
    except php.PhpError:
        return


def _links(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    list(tokens.links_in(text))
    tokens.renumber_tokens(text, lambda kind, number: number + 1)
    list(conditions(text))
    for format in (HTML, AUTO):
        assert "<script" not in render(text, format).lower()


def _seeds_of_documents() -> list[bytes]:
    return [
        name.encode() + b"\n" + content for name, content in small_course().items() if name.endswith(".xml")
    ]


#: By its name: what is tried, and what honest input looks like.
TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "containers": (_survey, lambda: [pack_tgz(small_course()), pack_zip(small_course())]),
    "documents of an archive": (_survey_document, _seeds_of_documents),
    "XML": (_split, lambda: [one for name, one in small_course().items() if name.endswith(".xml")]),
    "PHP": (
        _php,
        lambda: [
            b'a:2:{s:5:"title";s:4:"Tide";i:7;O:8:"stdClass":1:{s:1:"a";b:1;}}',
            b"YToxOntpOjA7aToxO30=",
        ],
    ),
    "links and texts": (
        _links,
        lambda: [
            b"<p>See <a href='$@PAGEVIEWBYID*42@$'>here</a> <img src=\"@@PLUGINFILE@@/a%20map.png\"></p>",
            b'{"op":"&","c":[{"type":"completion","cm":41,"e":1}],"showc":[true]}',
            *(one.encode() for one in PAYLOADS),
        ],
    ),
}


def inputs(target: str, seed: int) -> Iterator[tuple[int, bytes]]:
    """Inputs without end, each with the number that makes it again."""
    seeds = TARGETS[target][1]()
    while True:
        dice = random.Random(f"{target} {seed}")
        yield seed, mutated(dice.choice(seeds), dice.choice(seeds), dice)
        seed += 1


def fuzz(target: str, seconds: float, seed: int = 0) -> int:
    """Try a target for so long; returns how many inputs it bore. Raises AssertionError with what it did not."""
    bears, _ = TARGETS[target]
    end, count = time.monotonic() + seconds, 0
    for number, content in inputs(target, seed):
        began = time.monotonic()
        try:
            bears(content)
        except Exception as error:
            raise AssertionError(f"{target}, input {number}: {content[:2000]!r}") from error
        took = time.monotonic() - began
        assert took < LONGEST, f"{target}, input {number} took {took:.0f} s: {content[:2000]!r}"
        count += 1
        if time.monotonic() > end:
            return count
    return count
