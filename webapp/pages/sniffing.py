"""Tells by its first bytes what a file is. Its name and what an archive says of it are claims."""

from __future__ import annotations

#: So many bytes are looked at.
HEAD = 512
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
#: The brand behind "ftyp" of the ISO media file format.
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif", b"M4A ": "audio/mp4", b"isom": "video/mp4", b"iso2": "video/mp4",
    b"iso4": "video/mp4", b"iso5": "video/mp4", b"iso6": "video/mp4", b"mp41": "video/mp4", b"mp42": "video/mp4",
    b"avc1": "video/mp4", b"M4V ": "video/mp4", b"dash": "video/mp4", b"MSNV": "video/mp4",
}  # fmt: skip
#: Names of files that are meant to be read as they are; without one of these a text is not shown.
_TEXT_NAMES = (".txt", ".text", ".md", ".csv", ".log", ".srt")


def type_of(head: bytes, name: str) -> str | None:
    """The type of a file that may be shown; None for everything else, SVG and HTML among it."""
    return _media_type(head) or _text_type(head, name)


def _media_type(head: bytes) -> str | None:
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head else "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    return None


def _text_type(head: bytes, name: str) -> str | None:
    if not name.lower().endswith(_TEXT_NAMES) or b"\x00" in head:
        return None
    for cut in range(4):  # the last letter may be cut in half
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "text/plain"
    return None
