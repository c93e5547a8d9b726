"""What a restore that leaves something out brings: what is taken of the archive, how much that is, and what needs more.

The dry run says it and the job does it; both ask here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from jobs.archive.file_areas import holds_user_data
from jobs.archive.ids.numbers import whole
from jobs.archive.manifest import Manifest
from jobs.archive.survey.core import CORE_TYPES
from jobs.archive.survey.report import Dates
from jobs.archive.survey.ties import Ties
from jobs.archive.survey.watching import WRAPPER
from jobs.archive.xml import text_of
from jobs.steps.building.versions import Portion
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import ArchiveSide, origin_of_archive
from jobs.steps.sifting.dependants import dependants
from jobs.steps.sifting.selection import FILES, ArchiveSelection, folder_of, select_from

Found = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Of one archive, by one answer."""

    selection: ArchiveSelection
    #: What a survey would have found in an archive that holds no more than that.
    found: Found
    #: What is no longer right without the rest, a sentence each.
    needs: list[str]
    #: The hashes of the contents that come.
    contents: Collection[bytes]

    @property
    def manifest(self) -> Manifest:
        return self.selection.manifest

    @property
    def portion(self) -> Portion:
        """The same for building a version."""
        return Portion(self.manifest, self.selection, self.contents)


def leaves_out(options: dict[str, Any]) -> bool:
    """Whether the options of a restore leave anything out."""
    return bool(options.get("without")) or any((options.get("leave_out") or {}).values())


def wanted_of(folder: Path, manifest: Manifest, found: Found, options: dict[str, Any]) -> Wanted | None:
    """What the options of a restore leave of an archive; see `jobs.steps.sifting.selection.select_from`."""
    selection = select_from(folder, manifest, found, options)
    if selection is None:
        return None
    ties, needs = Ties.from_json(found["ties"]), _needs(folder, manifest, found, selection, options)
    side = ArchiveSide(folder, origin_of_archive(selection.manifest), True, sieve=selection)
    files = _count(side)
    return Wanted(selection, _narrowed(found, selection, side, files, ties), needs, files.sizes.keys())


def needs_of(folder: Path, manifest: Manifest, found: Found, options: dict[str, Any]) -> list[str]:
    """No more of it than `Wanted.needs`: nothing is counted for it."""
    selection = select_from(folder, manifest, found, options)
    return _needs(folder, manifest, found, selection, options) if selection else []


def _needs(
    folder: Path, manifest: Manifest, found: Found, selection: ArchiveSelection, options: dict[str, Any]
) -> list[str]:
    side, ties = ArchiveSide(folder, origin_of_archive(manifest), True), Ties.from_json(found["ties"])
    return dependants(side, manifest, ties, selection, people=bool(options.get("people")))


@dataclass
class _Files:
    """`theirs` are those that people handed in, and pictures of themselves."""

    count: int
    theirs: Counter[str]
    sizes: dict[bytes, int]


def _count(side: ArchiveSide) -> _Files:
    """Count the files that come as a survey counts them: neither folders nor what lies elsewhere."""
    files = _Files(0, Counter(), {})
    for part in side.records(FILES):
        leaves = {leaf.tag: text_of(leaf) or "" for leaf in part.element}
        files.sizes[_key(leaves.get("contenthash", ""))] = whole(leaves.get("filesize"))
        if leaves.get("filename") == "." or leaves.get("reference"):
            continue
        files.count += 1
        component = leaves.get("component", "")
        if holds_user_data(component, leaves.get("filearea", "")):
            files.theirs["profile_files" if component == "user" else "files"] += 1
    return files


def _key(named: str) -> bytes:
    try:
        return bytes.fromhex(named)
    except ValueError:
        return b""


def _narrowed(
    found: Found, selection: ArchiveSelection, side: ArchiveSide, files: _Files, ties: Ties
) -> Found:
    """What a survey found, without what stays out."""
    kept = selection.manifest
    types = Counter(one.modulename for one in kept.activities)
    counts = found["counts"] | {
        "sections": len(kept.sections), "activities": dict(sorted(types.items())), "files": files.count,
        "bytes": min(found["counts"]["bytes"], sum(files.sizes.values())),
    }  # fmt: skip
    problems = [
        one for one in found.get("problems", ())
        if folder_of(one["directory"] or "") not in selection.absent_folders
    ]  # fmt: skip
    privacy = found.get("privacy", {})
    return found | {
        "counts": counts, "unknown_types": sorted(types.keys() - CORE_TYPES), "problems": problems,
        "privacy": privacy | {"kinds": privacy.get("kinds", {}) | {"files": 0, "profile_files": 0} | files.theirs},
        "dates": asdict(_dates(found, selection)), "plugins": _plugins(found, selection, side, ties),
    }  # fmt: skip


def _dates(found: Found, selection: ArchiveSelection) -> Dates:
    known = Dates.from_json(found["dates"]) if "dates" in found else Dates()
    return Dates(
        {name: number for name, number in known.content.items() if selection.takes(name)},
        {name: number for name, number in known.people.items() if selection.takes(name)},
        [one for one in known.first if selection.takes(one.document)],
    )


def _plugins(found: Found, selection: ArchiveSelection, side: ArchiveSide, ties: Ties) -> Found:
    """What of plugins comes: of blocks and questions no others than those."""
    plugins = dict(found.get("plugins", {}))
    if plugins.get("blocks"):
        folders = [one for one in ties.contexts if "/blocks/" in one and selection.takes(f"{one}/block.xml")]
        there = Counter(one.rpartition("/")[2].rpartition("_")[0] for one in folders)
        plugins["blocks"] = _those(plugins["blocks"], there)
    if plugins.get("question_types") and selection.bank:
        records = (one.element.iter("qtype") for one in side.records(QUESTIONS))
        plugins["question_types"] = _those(
            plugins["question_types"], Counter(leaf.text for leaves in records for leaf in leaves)
        )
    if plugins.get("others") and ties.others:
        plugins["others"] = _those(plugins["others"], _others(selection, side, ties))
    return plugins


def _others(selection: ArchiveSelection, side: ArchiveSide, ties: Ties) -> Counter[str]:
    """How often other plugins have added something to what comes; to questions, as far as these come."""
    found = Counter[str]()
    for document, counts in ties.others.items():
        if selection.takes(document) and not (document == QUESTIONS and selection.bank):
            found.update(counts)
    if QUESTIONS in ties.others and selection.bank:
        tags = (str(one.tag) for part in side.records(QUESTIONS) for one in part.element.iter(etree.Element))
        found.update(wrapper["name"] for wrapper in map(WRAPPER.fullmatch, tags) if wrapper)
    return found


def _those(names: dict[str, int], there: Counter[Any]) -> dict[str, int]:
    return {name: there[name] for name in names if there[name]}
