"""Restores and backups of each size, beside their floors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.measuring import Measure, measure
from tests.bench.sizes import MB, Size, write_archive
from tests.bench.tables import Row

HEAD = ("work", "course", "seconds", "× floor", "MB/s", "CPU s", "peak MB", "temporary MB")


def rows(sizes: Sequence[Size], folder: Path) -> Iterator[Row]:
    """Measure a restore into a new course and a backup with people and files, for each size."""
    for size in sizes:
        archive = folder / f"{size.name}.mbz"
        write_archive(size, archive)
        instance = folder / size.name
        measure(_coursekeep(instance, "init", "--no-sample"))
        floor = measure(["tests.bench.floor", "unpack", str(archive), str(folder / "unpacked")])
        arguments = _coursekeep(instance, "restore", str(archive), "--as", "admin")
        yield _row("restore", size, measure(arguments, watched=instance / "scratch"), floor, archive)
        floor = measure(["tests.bench.floor", "pack", str(instance / "files"), str(folder / "packed")])
        arguments = _coursekeep(instance, "backup", size.name, "--as", "admin")
        yield _row("backup", size, measure(arguments, watched=instance / "scratch"), floor, archive)
        for path in (archive, folder / "unpacked", folder / "packed"):
            path.unlink()


def _coursekeep(instance: Path, *arguments: str) -> list[str]:
    return ["webapp.cli", "--instance", str(instance), *arguments]


def _row(work: str, size: Size, took: Measure, floor: Measure, archive: Path) -> Row:
    megabytes = archive.stat().st_size / MB
    return (
        work,
        f"{size.name} ({size}, {megabytes:.0f} MB)",
        f"{took.seconds:.1f}",
        f"{took.seconds / floor.seconds:.1f}",
        f"{megabytes / took.seconds:.0f}",
        f"{took.cpu:.1f}",
        f"{took.memory / MB:.0f}",
        f"{took.disk / MB:.0f}",
    )
