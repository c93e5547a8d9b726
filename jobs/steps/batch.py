"""Writes rows of a version in bounded batches, each a short transaction of its own.

One long transaction would keep everybody else from writing; and nothing points to the
version yet, so nobody sees it half built.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.memory import give_back
from jobs.progress import Run
from webapp.database import separate_write
from webapp.models import Activity, CourseFile, Document, Person, Record, Section

#: A batch is written once it holds so many rows or bytes.
ROWS = 500
BYTES = 4 << 20
#: So many rows are fetched at a time where they hold bodies: one may be megabytes, and more would save no time.
BODIES = 2


@dataclass(eq=False)
class DocumentDraft:
    """A document whose records may be written before its skeleton is known."""

    owner: dict[str, int]
    name: str
    position: int
    skeleton: bytes = b""
    id: int | None = None
    changed: bool = True


@dataclass
class Batch:
    """Collects rows of one version; `flush` writes what there is."""

    run: Run
    version_id: int
    _drafts: list[DocumentDraft] = field(default_factory=list)
    _records: list[tuple[DocumentDraft, dict[str, Any]]] = field(default_factory=list)
    _rows: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    _updates: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    _count: int = 0
    _bytes: int = 0

    def document(self, draft: DocumentDraft) -> None:
        """Write the document, or write it again with its skeleton."""
        draft.changed = True
        if draft not in self._drafts:
            self._drafts.append(draft)
        self._grew(len(draft.skeleton))

    def record(self, draft: DocumentDraft, row: dict[str, Any]) -> None:
        """Write one record of a document that `document` has been told of; `flush_if_full` comes after it."""
        self._records.append((draft, row))
        self._count += 1
        self._bytes += len(row["body"])

    def make_users(self, draft: DocumentDraft, slots: Collection[int]) -> None:
        """Say of records that were written before that they are somebody's."""
        self.flush()
        there = (Record.document_id == draft.id) & Record.slot.in_(slots)
        with separate_write() as session:
            self.run.hold(session)
            session.execute(sa.update(Record).where(there).values(user_data=True))

    def row(self, table: type[Person | CourseFile], row: dict[str, Any]) -> None:
        self._rows.setdefault(table, []).append({"version_id": self.version_id, **row})
        self._grew(len(row["body"]))

    def update(self, table: type[Activity | Section], row_id: int, values: dict[str, Any]) -> None:
        """Set columns of a row that exists."""
        if values:
            self._updates.setdefault(table, []).append({"id": row_id, **values})
            self._grew(sum(len(value) for value in values.values() if isinstance(value, str)))

    def flush(self) -> None:
        """Write everything now. Raises ClaimLost if the job went to another runner."""
        with separate_write() as session:
            self.run.hold(session)
            self._write_documents(session)
            for table, rows in self._rows.items():
                session.execute(sa.insert(table), rows)
            for table, changes in self._updates.items():
                for change in changes:  # each may set other columns
                    session.execute(sa.update(table), [change])
        self._drafts = [draft for draft in self._drafts if not draft.skeleton]
        was_large = self._bytes >= BYTES
        self._records, self._rows, self._updates = [], {}, {}
        self._count = self._bytes = 0
        if was_large:
            give_back()

    def _write_documents(self, session: Session) -> None:
        new = {
            draft: Document(version_id=self.version_id, name=draft.name, position=draft.position,
                            skeleton=draft.skeleton, **draft.owner)
            for draft in self._drafts if draft.id is None
        }  # fmt: skip
        known = [draft for draft in self._drafts if draft.id is not None and draft.changed]
        session.add_all(new.values())
        session.flush()
        for draft, row in new.items():
            draft.id, draft.changed = row.id, False
        for draft in known:
            draft.changed = False
            session.execute(
                sa.update(Document).where(Document.id == draft.id).values(skeleton=draft.skeleton)
            )
        if self._records:
            rows = [
                {"version_id": self.version_id, "document_id": draft.id, **row}
                for draft, row in self._records
            ]
            session.execute(sa.insert(Record), rows)

    def _grew(self, size: int) -> None:
        self._count += 1
        self._bytes += size
        self.flush_if_full()

    def flush_if_full(self) -> None:
        """Write everything if there is enough of it."""
        if self._count >= ROWS or self._bytes >= BYTES:
            self.flush()
