"""Prints what work costs here: `make bench`, or `make bench SIZES="small medium"`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import watching, work
from tests.bench.sizes import SIZES
from tests.bench.tables import show


def main(names: list[str]) -> None:
    sizes = [SIZES[name] for name in names or SIZES]
    with tempfile.TemporaryDirectory() as folder:
        show("Restores and backups, each a whole process", work.HEAD, work.rows(sizes, Path(folder)))
        show("While a backup runs", watching.HEAD, watching.rows(sizes[-1], Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
