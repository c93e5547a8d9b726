"""What a version of a course is made of.

A leaf of the archive lives in one place: a column here where a page or a rule needs
it, otherwise in the document of its owner, where the column's place is marked. A
document is kept as a skeleton and its records (jobs.archive.xml). Ids named
`moodle_id` are the course's own and the archive's; the primary keys are only ours.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from jobs.archive.names import without_tags
from webapp.extensions import Model

#: The number in <userid> of a record that is a grade; null for every other record.
_GRADED = (
    "CASE WHEN path LIKE '%/grade_grade' THEN "
    "CAST(CAST(substr(body, instr(body, CAST('<userid>' AS BLOB)) + 8, 20) AS TEXT) AS INTEGER) END"
)


def _version() -> Mapped[int]:
    """The version it belongs to; goes by the sweep, in batches, not by the database."""
    return mapped_column(sa.ForeignKey("course_version.id"), index=True)


class Section(Model):
    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = _version()
    moodle_id: Mapped[int] = mapped_column(sa.BigInteger)
    position: Mapped[int]
    #: The archive's folder for it, "sections/section_12".
    directory: Mapped[str] = mapped_column(sa.String(200))
    #: What the manifest calls it; differs from `name` where the section has none of its own.
    title: Mapped[str] = mapped_column(sa.Text, default="")
    number: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(sa.Text)
    summary: Mapped[str | None] = mapped_column(sa.Text)
    summary_format: Mapped[int | None] = mapped_column(default=1)
    visible: Mapped[int | None] = mapped_column(default=1)
    #: The course-module id of the activity that this section belongs to (4.5 subsections).
    #: Empty for an ordinary section; None where the archive's Moodle did not know of such.
    parent_cmid: Mapped[str | None] = mapped_column(sa.String(20))
    parent_module: Mapped[str | None] = mapped_column(sa.String(50))


class Activity(Model):
    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = _version()
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("section.id"), index=True)
    position: Mapped[int]
    #: The course-module id.
    moodle_id: Mapped[int] = mapped_column(sa.BigInteger)
    instance_id: Mapped[int] = mapped_column(sa.BigInteger)
    context_id: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    directory: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.Text, default="")
    #: The activity type: "page", "quiz", or a plugin's name.
    type: Mapped[str] = mapped_column(sa.String(100))
    name: Mapped[str | None] = mapped_column(sa.Text)
    intro: Mapped[str | None] = mapped_column(sa.Text)
    intro_format: Mapped[int | None] = mapped_column(default=1)
    #: The text of a page.
    content: Mapped[str | None] = mapped_column(sa.Text)
    content_format: Mapped[int | None] = mapped_column(default=1)
    #: Where a url leads.
    external_url: Mapped[str | None] = mapped_column(sa.Text)
    visible: Mapped[int | None] = mapped_column(default=1)
    indent: Mapped[int | None] = mapped_column(default=0)
    in_subsection: Mapped[str | None] = mapped_column(sa.String(5))

    @property
    def called(self) -> str:
        """Its name as people read it; empty where it has none."""
        return without_tags(self.name or "")


class Block(Model):
    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = _version()
    #: None: a block of the course itself.
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    position: Mapped[int]
    #: "html_7", the last part of the archive's folder.
    directory: Mapped[str] = mapped_column(sa.String(200))


class Document(Model):
    """One XML document of the archive: of a section, an activity, a block, or of the course as a whole."""

    __tablename__ = "document"
    __table_args__ = (
        sa.Index("ix_document_owner", "version_id", "section_id", "activity_id", "block_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"))
    section_id: Mapped[int | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    block_id: Mapped[int | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    #: The file's name in its owner's folder; for the course as a whole the whole name ("course/course.xml").
    name: Mapped[str] = mapped_column(sa.String(300))
    position: Mapped[int]
    skeleton: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Record(Model):
    """One repeating element of a document: a post, a chapter, a grade, a log line."""

    __tablename__ = "record"
    __table_args__ = (
        sa.Index("ix_record_place", "document_id", "slot", "position"),
        sa.Index(
            "ix_record_grade", "document_id", "graded_id", sqlite_where=sa.text("graded_id IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The version it was written in. It belongs where its document does: that can move, to the bin and
    #: back, and its records, who may be many, stay untouched. So ask by `Document.version_id`.
    version_id: Mapped[int] = _version()
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    #: Which gap of the skeleton it fills, and its place there.
    slot: Mapped[int]
    position: Mapped[int]
    #: The tags from the root: "activity/forum/discussions/discussion".
    path: Mapped[str] = mapped_column(sa.String(500))
    moodle_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: It exists because of something a person did here; left out where people are left out.
    user_data: Mapped[bool] = mapped_column(default=False)
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: Of a grade, whose it is: the archive's id of a person. Worked out by the database, so that a page of the
    #: gradebook finds the grades of its people among those of thousands, whoever wrote the record.
    graded_id: Mapped[int | None] = mapped_column(
        sa.BigInteger, sa.Computed(_GRADED, persisted=False), deferred=True
    )


def _sort_name(writing: DefaultExecutionContext) -> str:
    row = writing.get_current_parameters()  # type: ignore[no-untyped-call]
    return f"{row.get('last_name') or ''} {row.get('first_name') or ''}".strip().casefold()[:255]


class Person(Model):
    """Somebody in users.xml, tied to an account of this site where they match."""

    __tablename__ = "person"
    __table_args__ = (sa.Index("ix_person_name", "version_id", "sort_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = _version()
    moodle_id: Mapped[int] = mapped_column(sa.BigInteger)
    position: Mapped[int]
    username: Mapped[str | None] = mapped_column(sa.String(255))
    email: Mapped[str | None] = mapped_column(sa.String(255))
    first_name: Mapped[str | None] = mapped_column(sa.String(255))
    last_name: Mapped[str | None] = mapped_column(sa.String(255))
    #: By what lists put them in order; None where they came before there was any such.
    sort_name: Mapped[str | None] = mapped_column(sa.String(255), default=_sort_name)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    #: True of somebody who has a role here and was put into a group; None of all who came with the content.
    made_here: Mapped[bool | None]
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)

    @property
    def name(self) -> str:
        return f"{self.first_name or ''} {self.last_name or ''}".strip() or self.username or "?"


class CourseFile(Model):
    """A row of files.xml: where in the course a content stands, under which name."""

    __tablename__ = "course_file"
    __table_args__ = (
        sa.Index("ix_course_file_address", "version_id", "context_id", "component", "filearea", "itemid"),
        # For the list of all files of a course, largest first, and for what is stored once and used often.
        sa.Index("ix_course_file_size", "version_id", "filesize", "filename"),
        sa.Index("ix_course_file_content", "version_id", "stored_hash", "filesize", "filename"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"))
    moodle_id: Mapped[int] = mapped_column(sa.BigInteger)
    position: Mapped[int]
    #: The hash the archive names it by, and the one it is stored under: None if the content
    #: is missing, another one if the bytes are damaged.
    contenthash: Mapped[str] = mapped_column(sa.String(40))
    stored_hash: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    context_id: Mapped[int] = mapped_column(sa.BigInteger)
    component: Mapped[str] = mapped_column(sa.String(100))
    filearea: Mapped[str] = mapped_column(sa.String(50))
    itemid: Mapped[int] = mapped_column(sa.BigInteger)
    filepath: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    filesize: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    mimetype: Mapped[str | None] = mapped_column(sa.String(255))
    user_data: Mapped[bool] = mapped_column(default=False)
    #: It only points to a file elsewhere, and has no content of its own.
    alias: Mapped[bool] = mapped_column(default=False)
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)

    @property
    def is_folder(self) -> bool:
        return self.filename == "."

    @property
    def is_sound(self) -> bool:
        return self.stored_hash == self.contenthash
