"""One category on top of the others in each place of a question bank, as every Moodle since 3.5 asks for.

Some have written several, and then refused their own backup (Moodle 4.5 backup/util/dbops, restoremultipletopcats).
"""

from __future__ import annotations

from lxml import etree

from jobs.archive.questions.old import FIRST_WITH_TOPS
from jobs.archive.xml import pack, unpack
from jobs.language import ngettext
from jobs.progress import Run
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import course_document
from webapp.database import separate_write


def keep_one_top(run: Run, version_id: int, dialect: int) -> None:
    """Put further categories that a version has on top of a bank below the first; tell of it."""
    if dialect < FIRST_WITH_TOPS:
        return
    with separate_write() as session:
        run.hold(session)
        document = course_document(session, version_id, QUESTIONS)
        bank = unpack(document.skeleton) if document else None
        count = lower_tops(bank) if bank is not None else 0
        if document and bank is not None and count:
            document.skeleton = pack(bank)
    if count:
        run.warn(
            ngettext(
                "%(num)s category of questions stood beside the topmost one, which no Moodle restores: it is "
                "kept below that one.",
                "%(num)s categories of questions stood beside the topmost one, which no Moodle restores: they are "
                "kept below that one.",
                count,
            )
        )


def lower_tops(bank: etree._Element) -> int:
    """Put all but one of the topmost categories of each context below that one, in place; returns how many."""
    topmost = [one for one in bank.iterfind("question_category") if one.findtext("parent") == "0"]
    first: dict[str, etree._Element] = {}
    for category in sorted(topmost, key=lambda one: one.findtext("name") != "top"):
        first.setdefault(category.findtext("contextid") or "", category)
    lowered = [one for one in topmost if one is not first[one.findtext("contextid") or ""]]
    for category in lowered:
        top = first[category.findtext("contextid") or ""]
        for parent in category.iterchildren("parent"):
            parent.text = top.get("id")
    return len(lowered)
