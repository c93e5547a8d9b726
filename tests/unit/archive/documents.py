"""The XML documents of the real archives, and what two documents must have in common to say the same."""

import functools
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from jobs.archive.limits import Limits
from jobs.archive.xml import Skeleton, pack, split, unpack, write_document

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
ARCHIVES = sorted(path.name for path in CORPUS.glob("*.mbz")) or [
    pytest.param("none", marks=pytest.mark.skip("the real archives are not here"))
]


@functools.cache
def documents(archive):
    """Read every XML document of an archive, with the standard library alone."""
    path = CORPUS / archive
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            found = {name: packed.read(name) for name in packed.namelist() if name.endswith(".xml")}
    else:
        with tarfile.open(path) as packed:
            members = [member for member in packed if member.isfile() and member.name.endswith(".xml")]
            found = {member.name: packed.extractfile(member).read() for member in members}
    return {name.removeprefix("./"): content for name, content in found.items()}


def places(archive):
    """Yield each document of an archive with the directory and the file name it has there."""
    for name, content in documents(archive).items():
        directory, _, filename = name.rpartition("/")
        yield directory, filename, content


def parts(content, is_record, limits=Limits(), is_piece=None):  # noqa: B008 - a frozen value
    """Split a document; return its records and its skeleton, each as it comes back from storage."""
    *records, skeleton = split(io.BytesIO(content), is_record, limits, is_piece)
    assert isinstance(skeleton, Skeleton)
    return [(record, unpack(pack(record.element))) for record in records], unpack(pack(skeleton.element))


def written(skeleton, rows):
    """Write a document from a skeleton and pairs of a record and its element."""
    out = io.BytesIO()
    write_document(out, skeleton, lambda slot: [element for record, element in rows if record.slot == slot])
    return out.getvalue()


def round_trip(content, is_record, is_piece=None):
    rows, skeleton = parts(content, is_record, is_piece=is_piece)
    return written(skeleton, rows)


def said(element):
    """Return all that an element says: names, attributes, order and text, but not the blanks between elements."""
    texts = [element.text, *(child.tail for child in element)]
    if len(element):
        texts = [text if text and text.strip(" \t\r\n") else None for text in texts]
    return (
        element.tag,
        tuple(element.items()),
        tuple(text or "" for text in texts),
        tuple(said(child) for child in element),
    )


def said_by(content):
    return said(etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False)))
