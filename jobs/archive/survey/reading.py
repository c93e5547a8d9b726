"""One way through an archive that reads all of it."""

from collections.abc import Callable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from jobs.archive.containers.container import Archive, Member
from jobs.archive.containers.reader import open_archive
from jobs.archive.ids.numbers import whole
from jobs.archive.limits import DEFAULT_LIMITS, MIB, Limits
from jobs.archive.manifest import DamagedManifest, read_manifest
from jobs.archive.names import Kind, directory_of, kind_of, shown
from jobs.archive.scanning import BrokenDocument, Read, Rows, Scan, scan
from jobs.archive.survey.assembling import Facts, assemble
from jobs.archive.survey.contents import mend_manifest
from jobs.archive.survey.files import FilesFound
from jobs.archive.survey.model import DAMAGE, MENDED, NOTE, Problem, Survey
from jobs.archive.survey.profiles import Profiles
from jobs.archive.survey.records import personal_records, questions_in
from jobs.archive.survey.ties import is_activity
from jobs.archive.survey.watching import Watch, kind_of as kind_of_folder
from jobs.language import gettext as _
from jobs.problems import ArchiveProblem

Checkpoint = Callable[[int], None]


def survey(
    path: Path,
    limits: Limits = DEFAULT_LIMITS,
    checkpoint: Checkpoint | None = None,
    *,
    names: bool = False,
) -> Survey:
    """Read an archive once, all of it, and tell what is in it and what is wrong; with `names`, also who.

    `checkpoint` is called again and again with the packed bytes read so far, and may raise to stop.
    ArchiveProblem means that the archive can't be used at all.
    """
    with (
        open_archive(path, limits) as archive,
        SpooledTemporaryFile(max_size=MIB, mode="w+", encoding="utf-8", newline="\n") as waiting,
    ):
        facts = Facts(FilesFound(waiting), Profiles(names=names))
        surveyor = _Surveyor(archive, facts, limits, checkpoint)
        for member in archive:
            surveyor.take(member)
        for sentence in archive.notes:
            facts.problems.add(Problem(NOTE, sentence))
        mend_manifest(facts, path, limits)
        return assemble(facts, archive)


class _Surveyor:
    """Takes in one member after another, in whatever order they come."""

    def __init__(self, archive: Archive, facts: Facts, limits: Limits, checkpoint: Checkpoint | None) -> None:
        self.facts = facts
        self._archive = archive
        self._limits = limits
        self._checkpoint = checkpoint

    def take(self, member: Member) -> None:
        read = self._reading(member)
        kind = kind_of(member.name)
        if kind is Kind.MANIFEST:
            self._take_manifest(member)
        elif kind is Kind.CONTENT:
            self.facts.files.take_content(member.name, read)
        elif kind is Kind.DOCUMENT:
            self._take_document(member.name, read)
        elif kind is Kind.STRAY:
            sentence = _(
                "“%(name)s” is nothing that Moodle writes, and is left out.", name=shown(member.name)
            )
            self.facts.problems.add(Problem(NOTE, sentence, entry=member.name))
        while read(MIB):
            pass

    def _take_manifest(self, member: Member) -> None:
        try:
            self.facts.manifest = read_manifest(member, self._limits)
        except DamagedManifest as damage:
            self.facts.damage = damage

    def _reading(self, member: Member) -> Read:
        checkpoint, archive = self._checkpoint, self._archive
        if checkpoint is None:
            return member.read

        def read(length: int) -> bytes:
            checkpoint(archive.read_bytes)
            return member.read(length)

        return read

    def _take_document(self, name: str, read: Read) -> None:
        target = self._target(name)
        self.facts.documents.add(name)
        try:
            if scan(read, target):
                self._tell_mended(name)
        except BrokenDocument as problem:
            if problem.limit is not None:
                sentence = _(
                    "“%(name)s” in the archive can’t be read: %(problem)s.", name=name, problem=problem
                )
                raise ArchiveProblem(sentence, entry=name, limit=problem.limit) from problem
            self.facts.watched.dates.forget(name)
            sentence = _("“%(name)s” is damaged: %(problem)s.", name=name, problem=problem)
            self.facts.problems.add(
                Problem(DAMAGE, sentence, entry=name, directory=directory_of(name) or None)
            )
        self._learn(name, target)

    def _tell_mended(self, name: str) -> None:
        sentence = _(
            "“%(name)s” holds bytes that are no letters. They are left out, or stand there as “�”; "
            "the rest of it is whole.",
            name=name,
        )
        problem = Problem(MENDED, sentence, entry=name, directory=directory_of(name) or None)
        self.facts.problems.add(problem)

    def _target(self, name: str) -> Scan:
        if name == "files.xml":
            return Rows(self._limits, {"files/file": self.facts.files.take_row})
        if name == "users.xml":
            return Rows(self._limits, self.facts.profiles.handlers)
        directory, _, filename = name.rpartition("/")
        self.facts.watched.document(directory, filename)
        return Watch(self._limits, directory, filename, self.facts.watched)

    def _learn(self, name: str, target: Scan) -> None:
        directory, filename = directory_of(name), name.rpartition("/")[2]
        if directory and "contextid" in target.root:
            self.facts.contexts[target.root["contextid"]] = directory
        if is_activity(directory) and filename == f"{kind_of_folder(directory)}.xml":
            self.facts.instances[directory] = whole(target.root.get("id"))
        if name == "users.xml":
            self.facts.people = target.counts.get("user", 0)
        elif name == "questions.xml":
            self.facts.questions = questions_in(target.counts)
        for kind, number in personal_records(name, target.counts).items():
            self.facts.personal[kind] = self.facts.personal.get(kind, 0) + number
