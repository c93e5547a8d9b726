"""Compares two archives, document by document and content by content."""

import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from jobs.archive.comparing.documents import DocumentComparing, Part, is_empty, unreadable
from jobs.archive.comparing.ids import Ids
from jobs.archive.comparing.manifests import manifest_differences
from jobs.archive.comparing.model import ADDED, CHANGED, LOST, Comparison, Difference
from jobs.archive.comparing.pairing import pairs
from jobs.archive.comparing.terms import Terms, terms_of
from jobs.archive.comparing.unpacked import Unpacked, unpack
from jobs.archive.names import content_name
from jobs.archive.persons.people import drops_document

_FILES, _INFOREF = "files.xml", "inforef.xml"


def compare(before: Path, after: Path, scratch: Path | None = None) -> Comparison:
    """Say what of the first archive the second does not hold, or holds otherwise.

    The documents of both are laid out under `scratch` (else where the system keeps such things) for the time that
    it takes. Raises ArchiveProblem if one of the two is no backup.
    """
    with tempfile.TemporaryDirectory(dir=scratch, prefix="compare-") as folder:
        ours, theirs = unpack(before, Path(folder, "before")), unpack(after, Path(folder, "after"))
        with closing(Ids(Path(folder, "ids.sqlite"))) as ids:
            comparing = _Comparing(ours, theirs, terms_of(ours, theirs), ids)
            comparing.run()
            return comparing.comparison


@dataclass
class _Comparing:
    before: Unpacked
    after: Unpacked
    terms: Terms
    ids: Ids
    comparison: Comparison = field(default_factory=Comparison)
    #: The contents of files that are to be in the second, and of those that may stay out.
    _named: set[bytes] = field(default_factory=set)
    _staying_out: set[bytes] = field(default_factory=set)

    def run(self) -> None:
        self.comparison.renumbered = self.terms.renumbered
        for difference in manifest_differences(self.before.manifest, self.after.manifest, self.terms):
            self.comparison.add(difference)
        documents = DocumentComparing(self.terms, self.ids, self.comparison)
        for ours, theirs in pairs(self.before, self.after):
            if self.terms.is_ignored(ours or theirs or ""):
                continue
            if ours and theirs and not ours.endswith(_INFOREF):
                watch = self._note_file if ours == _FILES else None
                documents.compare(ours, self.before.documents[ours], self.after.documents[theirs], watch)
            else:
                self._special(ours, theirs)
        self._contents()
        for kind, old, new in self.ids.contradictions():
            # The grades of a part go into the one category of the course that it comes into.
            if not (self.terms.of_part and kind == "grade_category"):
                self.comparison.add(Difference("", CHANGED, f"ids of {kind}", old, new))

    def _special(self, ours: str | None, theirs: str | None) -> None:
        """A document that only one side has; or a list of what is referred to, which is written anew each time."""
        if ours and theirs:
            self._references(ours, theirs)
        elif ours:
            self._missing(ours)
        elif theirs and not theirs.endswith(_INFOREF) and not is_empty(theirs, self.after.documents[theirs]):
            self.comparison.add(Difference(theirs, ADDED))

    def _missing(self, name: str) -> None:
        directory, _, filename = name.rpartition("/")
        if self.terms.without_people and drops_document(directory, filename):
            self.comparison.left_out += 1
        else:
            path = self.before.documents[name]
            if not is_empty(name, path):
                self.comparison.add(Difference(name, LOST, explained=unreadable(name, path)))

    def _references(self, ours: str, theirs: str) -> None:
        """Something more may be listed. With other ids, and without people, it is what the documents refer to."""
        self.comparison.documents += 1
        if self.terms.renumbered or self.terms.without_people or self.terms.anonymised:
            return
        for kind, number in sorted(
            _listed(self.before.documents[ours]) - _listed(self.after.documents[theirs])
        ):
            is_stranger = kind == "user" and number not in self.terms.people
            why = "The archive itself does not have this person." if is_stranger else None
            self.comparison.add(Difference(ours, LOST, f"inforef/{kind}ref", before=number, explained=why))

    def _note_file(self, part: Part, may_be_gone: bool) -> None:
        digest = part.element.findtext("contenthash") or ""
        try:
            (self._staying_out if may_be_gone else self._named).add(bytes.fromhex(digest))
        except ValueError:
            return  # a hash that is none names no content

    def _contents(self) -> None:
        self.comparison.contents, self.comparison.bytes = len(self.before.contents), self.before.bytes
        if not self.after.manifest.with_files:
            return
        for digest in sorted(self.before.contents - self.after.contents):
            if digest not in self._named and digest in self._staying_out:
                continue
            self.comparison.add(Difference(content_name(digest.hex()), LOST, explained=self._excuse(digest)))

    def _excuse(self, digest: bytes) -> str | None:
        if digest in self.before.damaged:
            return "Its bytes are not those that its name promises."
        return None if digest in self._named else "No file of the list has this content."


def _listed(inforef: Path) -> set[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root: etree._Element | None = etree.parse(inforef, parser).getroot()
    entries = (entry for group in root for entry in group) if root is not None else ()
    return {(str(entry.tag), entry.findtext("id") or "") for entry in entries}
