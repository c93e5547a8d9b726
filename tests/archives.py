"""A small course as a Moodle archive, made in code, and the two ways to pack it.

`small_course()` gives the archive's files as a dict of name and bytes, so that a test can drop,
damage or add one before it packs them. Packing uses the standard library alone: what it makes was
never seen by the code under test.
"""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.course_documents import (
    MADE_AT,
    NOBODY,
    PEOPLE,
    StoredFile,
    activity_documents,
    course_documents,
    document,
    file_row,
    forum,
    gradebook,
    node,
    page,
    person,
    question_categories,
    resource,
    roles_definition,
    section_documents,
)
from tests.course_manifest import manifest

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
HANDOUT = b"Fold the chart along the long side first.\n" * 40


PAGE_PICTURE = StoredFile(601, "harbour map.png", PICTURE, 72, "mod_page")
HANDOUT_FILE = StoredFile(603, "handout.txt", HANDOUT, 73, "mod_resource")


def small_course(
    *,
    people: bool = True,
    files: Iterable[StoredFile] = (PAGE_PICTURE, HANDOUT_FILE),
    with_files: bool = True,
    fullname: str = "Reading the tide",
    shortname: str = "TIDE1",
    anonymised: bool = False,
) -> dict[str, bytes]:
    """Return a course of two sections with a forum, a page and a handout, as Moodle 4.5 would write it."""
    stored = list(files)
    members = {
        "moodle_backup.xml": manifest(people, with_files, fullname, shortname, anonymised),
        "files.xml": document(node("files", [file_row(one) for one in stored])),
        "roles.xml": document(roles_definition()),
        "groups.xml": document(node("groups", [node("groupcustomfields", []), node("groupings", [])])),
        "scales.xml": document(node("scales_definition", [])),
        "outcomes.xml": document(node("outcomes_definition", [])),
        "questions.xml": document(question_categories()),
        "gradebook.xml": document(gradebook()),
        "grade_history.xml": document(node("grade_history", [node("grade_grades", [])])),
        "completion.xml": document(node("course_completion", [])),
        "badges.xml": document(node("badges", [])),
        **course_documents(people, fullname, shortname),
        **section_documents(31, 0, "General", "41"),
        **section_documents(32, 1, "Week one", "42,43"),
        **activity_documents("forum", 41, 51, 71, forum(people), people, named=[101] if people else []),
        **activity_documents("page", 42, 52, 72, page(), people, refs=[601]),
        **activity_documents("resource", 43, 53, 73, resource(), people, refs=[603]),
    }
    if people:
        members["users.xml"] = document(
            node("users", [person(*one) for one in (NOBODY if anonymised else PEOPLE)])
        )
    if with_files:
        members |= {one.entry: one.content for one in stored}
    return members


def pack_tgz(members: Mapping[str, bytes], *, index: bool = True, prefix: str = "") -> bytes:
    """Pack a tar.gz with Moodle's index first and plain ustar headers."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        if index:
            lines = "".join(f"{name}\tf\t{len(content)}\t{MADE_AT}\n" for name, content in members.items())
            head = f"Moodle archive file index. Count: {len(members)}\n"
            add_to_tar(tar, ".ARCHIVE_INDEX", (head + lines).encode())
        for name, content in members.items():
            add_to_tar(tar, prefix + name, content)
    return gzip.compress(out.getvalue(), mtime=0)


def add_to_tar(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(content), MADE_AT
    tar.addfile(info, io.BytesIO(content))


def pack_zip(
    members: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED, prefix: str = ""
) -> bytes:
    """Pack a zip, which is what Moodle writes where an admin chose it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(prefix + name, content)
    return out.getvalue()


def save(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
