"""What lies in an archive, kept beside it, so that single things are found without reading all of it again.

An index is a small SQLite file: the archive's documents, packed, and a row for each of its files. It is written
in one way through the archive, and is good for as long as that does not change.
"""

from jobs.archive.index.building import build_index
from jobs.archive.index.reading import FileFound, Index, is_index_of, open_index

__all__ = ["FileFound", "Index", "build_index", "is_index_of", "open_index"]
