"""File contents into the store, and the rows of files.xml that say where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.containers.reader import Member
from jobs.archive.containers.streams import Readable
from jobs.archive.file_areas import holds_user_data
from jobs.archive.ids.numbers import whole_number
from jobs.archive.names import sha1_of
from jobs.archive.trees import tree_for
from jobs.archive.xml import Record, Skeleton, pack, text_of
from jobs.language import gettext as _, ngettext
from jobs.problems import JobProblem
from jobs.steps.batch import DocumentDraft
from jobs.steps.building.documents import Intake
from jobs.steps.personal_files import PersonalFiles
from webapp import places
from webapp.content import columns
from webapp.database import snapshot
from webapp.models import CourseFile
from webapp.storage import Collision

#: The SHA-1 of nothing: what folder rows carry.
EMPTY = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
_HASH = re.compile(r"[0-9a-f]{40}")


@dataclass
class Contents:
    """Which contents the archive held, and what they turned out to be."""

    #: Named hash -> true hash, where the bytes are not those that the name promises.
    damaged: dict[str, str] = field(default_factory=dict)
    sound: set[bytes] = field(default_factory=set)

    def store(self, member: Member, checkpoint: Callable[[int], None]) -> None:
        """Keep one content under the hash of its bytes."""
        named = sha1_of(member.name)
        try:
            stored = places.storage().save(member, checkpoint)
        except Collision:
            raise JobProblem(
                _(
                    "A file in the backup pretends to be another one that is kept here. Somebody has made it "
                    "so; the backup is refused. Nothing was changed."
                )
            ) from None
        if stored.hash == named:
            self.sound.add(bytes.fromhex(named))
        else:
            self.damaged[named] = stored.hash

    def stored_hash(self, named: str) -> str | None:
        """Where the bytes of a file lie; None if there are none. What is kept here already heals a gap."""
        if not _HASH.fullmatch(named):
            return None
        if bytes.fromhex(named) in self.sound or places.storage().exists(named):
            return named
        return self.damaged.get(named)


def take_in_files(intake: Intake, stream: Readable, contents: Contents) -> int:
    """Write the rows of files.xml; returns how many files are there, folders not counted."""
    tree = tree_for("", "files.xml")
    draft = DocumentDraft(owner={}, name="files.xml", position=0)
    count = lost = 0
    intake.batch.flush()
    with snapshot() as session:
        personal = PersonalFiles(session, intake.batch.version_id, intake.gone)
        for position, part in enumerate(intake.parts("files.xml", stream, tree)):
            if isinstance(part, Skeleton):
                draft.skeleton = pack(part.element)
                intake.batch.document(draft)
            else:
                taken = _file(intake, part, position, contents, personal)
                count += taken or 0
                lost += taken is None
                intake.batch.run.checkpoint()
    if lost:
        intake.batch.run.warn(
            ngettext(
                "%(num)s entry of the list of files does not say what it is about, and was left out.",
                "%(num)s entries of the list of files do not say what they are about, and were left out.",
                lost,
            )
        )
    return count


def _file(
    intake: Intake, part: Record, position: int, contents: Contents, personal: PersonalFiles
) -> int | None:
    """Write a row; returns how many files it is, None if nobody can tell what it is about."""
    element = part.element
    _tidy(element)
    row = {"mimetype": None, "filesize": 0} | columns.take_columns(element, columns.FILE)
    missing = {
        "contenthash",
        "context_id",
        "component",
        "filearea",
        "itemid",
        "filepath",
        "filename",
    } - row.keys()
    if missing:
        return None
    # Without people, what they handed in has not come either: what is left belongs to what teachers made.
    user_data = holds_user_data(row["component"], row["filearea"])
    if not intake.people and personal.is_users(
        row["component"], row["filearea"], row["itemid"], row["context_id"], uploader=lambda: None
    ):
        return 0
    # Named otherwise than its content, which no Moodle would find by it.
    row["contenthash"] = row["contenthash"].lower()
    folder, alias = row["filename"] == ".", _is_alias(element)
    row |= {
        "moodle_id": _number(element.get("id")),
        "position": position,
        "stored_hash": EMPTY if folder else contents.stored_hash(row["contenthash"]),
        "user_data": user_data,
        "alias": alias,
        "body": pack(element),
    }
    intake.batch.row(CourseFile, row)
    return 0 if folder else 1


def _tidy(element: etree._Element) -> None:
    """Write numbers without blanks around them, and an item that is missing as 0, which Moodle takes it for."""
    for column in columns.FILE:
        leaf = element.find(column.leaf)
        if column.kind == columns.Kind.NUMBER and leaf is not None and leaf.text:
            leaf.text = leaf.text.strip()
    item = element.find("itemid")
    if item is None:
        item = etree.SubElement(element, "itemid")
    if not text_of(item):
        item.text = "0"


def _number(text: str | None) -> int:
    """The id of a file, which somebody may have given a minus; 0 where there is none."""
    digits = (text or "").removeprefix("-")
    number = whole_number(digits) or 0
    return number if digits == text else -number


def _is_alias(element: etree._Element) -> bool:
    reference = element.find("reference")
    return reference is not None and bool(text_of(reference))
