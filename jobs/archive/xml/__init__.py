"""One XML document of an archive, in parts: a skeleton, and the records that were taken out of it.

A document may be hundreds of megabytes, nearly all of it repeating records. `split` reads it as a stream of
records, each run of them left behind in the skeleton as a place (`<?rows N?>`); `write_document` puts both
together again. A value that lives in a column of the database leaves a slot (`<?column?>`) in its leaf.
Elements, attributes, order and text come back as they were; only the indentation is ours.
"""

from jobs.archive.xml.leaves import (
    MISSING,
    NULL,
    Missing,
    fill,
    has_slot,
    is_leaf,
    is_slot,
    make_slot,
    rows_of,
    rows_slot,
    set_text,
    take,
    text_of,
)
from jobs.archive.xml.splitting import Record, Skeleton, split
from jobs.archive.xml.storing import pack, unpack
from jobs.archive.xml.writing import write_document

__all__ = [
    "MISSING",
    "NULL",
    "Missing",
    "Record",
    "Skeleton",
    "fill",
    "has_slot",
    "is_leaf",
    "is_slot",
    "make_slot",
    "pack",
    "rows_of",
    "rows_slot",
    "set_text",
    "split",
    "take",
    "text_of",
    "unpack",
    "write_document",
]
