"""Makes of the bytes of a document what XML may hold: letters in UTF-8, and no control characters.

Old databases and scripts have put others into real archives. A parser would refuse all of the document for one.
Moodle writes UTF-8; editors that somebody opened a document with may have saved it in another encoding, and said so.
"""

import codecs
import re

_REPLACED = "\N{REPLACEMENT CHARACTER}"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile("&#(?:0*(?P<number>[0-9]{1,7})|x0*(?P<hex>[0-9a-fA-F]{1,6}));")
#: The same characters as bytes of UTF-8, by which a piece that has none is known ten times as fast.
_CONTROL_BYTES = bytes(number for number in range(0x20) if number not in b"\t\n\r")
_NO_LETTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
#: A reference to a character that may go on in the next piece.
_BEGUN = re.compile(r"&(?:#[0-9a-zA-Z]{0,20})?\Z")
#: What may not stand ahead of a declaration, and does where a script has begun with a line of its own.
_AHEAD = re.compile(r"\A\s+(?=<\?xml\s)")
_BLANKS = (0x9, 0xA, 0xD)
#: Those that are read as well. Others could spell what is refused in letters that nobody looks for.
_OTHER_ENCODINGS = {"iso-8859-1": "iso-8859-1", "iso-8859-15": "iso-8859-15", "windows-1252": "cp1252"}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(r"""(\A\s*<\?xml\s[^>]*?encoding\s*=\s*["'])([\w-]+)""")


class Mender:
    """Takes the pieces of one document in their order."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = ""
        #: Whether anything had to be replaced or left out until now.
        self.has_mended = False

    def mend(self, piece: bytes) -> bytes:
        """Return a piece as it may be parsed; the first one holds the prolog, the last one is empty."""
        if self._decoder is None:
            self._decoder, text = _begin(piece)
        else:
            text = self._begun + self._decoder.decode(piece, final=not piece)
        self._begun = ""
        if piece and (begun := _BEGUN.search(text)):
            self._begun, text = begun[0], text[: begun.start()]
        if _REPLACED in text and _REPLACED.encode() not in piece:
            self.has_mended = True
        if "&#" in text:
            text = _REFERENCE.sub(self._allowed, text)
        mended = text.encode()
        if _has_control(mended):
            self.has_mended = True
            return _CONTROL.sub("", text).encode()
        return mended

    def _allowed(self, found: re.Match[str]) -> str:
        number = int(found["hex"], 16) if found["hex"] else int(found["number"])
        if number >= 0x20 or number in _BLANKS:
            return found[0]
        self.has_mended = True
        return ""


def _has_control(piece: bytes) -> bool:
    return len(piece.translate(None, _CONTROL_BYTES)) < len(piece) or any(one in piece for one in _NO_LETTERS)


def _begin(piece: bytes) -> tuple[codecs.IncrementalDecoder, str]:
    """What reads a document that begins so, and its first text, which says that it is in UTF-8 if it is by now."""
    declared = _DECLARED.match(piece[:200].decode("latin-1"))
    other = _OTHER_ENCODINGS.get(declared[2].lower()) if declared else None
    name = "utf-16" if piece.startswith(_UTF_16) else other
    decoder = codecs.getincrementaldecoder(name or "utf-8")("replace")
    text = _AHEAD.sub("", decoder.decode(piece), count=1)
    return decoder, _DECLARED.sub(r"\g<1>UTF-8", text, count=1) if name else text
