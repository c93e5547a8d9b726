"""Makes of the bytes of a document what XML may hold: letters in UTF-8, and no control characters.

Old databases and scripts have put others into real archives. A parser would refuse all of the document for one.
"""

import codecs
import re

_REPLACED = "\N{REPLACEMENT CHARACTER}"
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?P<number>[0-9]{1,7})|x0*(?P<hex>[0-9a-fA-F]{1,6}));"
)
#: A reference to a character that may go on in the next piece.
_BEGUN = re.compile(r"&(?:#[0-9a-zA-Z]{0,20})?\Z")
_BLANKS = (0x9, 0xA, 0xD)


class Mender:
    """Takes the pieces of one document in their order."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = ""
        #: Whether anything had to be replaced or left out until now.
        self.has_mended = False

    def mend(self, piece: bytes) -> bytes:
        """Return a piece as it may be parsed; the last one of a document is empty."""
        text = self._begun + self._decoder.decode(piece, final=not piece)
        self._begun = ""
        if piece and (begun := _BEGUN.search(text)):
            self._begun, text = begun[0], text[: begun.start()]
        if _REPLACED in text and _REPLACED.encode() not in piece:
            self.has_mended = True
        return _CONTROL.sub(self._allowed, text).encode()

    def _allowed(self, found: re.Match[str]) -> str:
        written = found["number"] or found["hex"]
        number = int(written, 16 if found["hex"] else 10) if written else 0
        if number >= 0x20 or number in _BLANKS:
            return found[0]
        self.has_mended = True
        return ""
