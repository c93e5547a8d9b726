"""One category on top of the others in each place of a question bank, as every Moodle since 3.5 asks for.

With several it refuses the backup, and what lies in one that is not called top gets lost in its own
(Moodle 4.5 backup/util/dbops/restore_dbops.class.php, backup/moodle2/restore_stepslib.php).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from jobs.archive.questions import FIRST_MODERN
from jobs.archive.questions.leaves import add_leaf
from jobs.archive.questions.old import FIRST_WITH_TOPS
from jobs.archive.xml import pack, unpack
from jobs.language import ngettext
from jobs.progress import Run
from jobs.steps.building.documents import Intake
from jobs.steps.selecting.bank import bank_document, is_top
from webapp.database import separate_write

_PLACE = ("contextid", "contextlevel", "contextinstanceid")


def keep_one_top(run: Run, version_id: int, intake: Intake, dialect: int, *, lone: bool) -> int:
    """Have a version’s bank fit for a Moodle of this dialect; returns how many categories moved below another.

    With `lone`, one that stands alone on top under another name moves as well: a Moodle would not refuse it, but put
    its questions into the topmost one.
    """
    if dialect < FIRST_WITH_TOPS:
        return 0

    def new_id() -> int:
        intake.highest += 1
        return intake.highest

    with separate_write() as session:
        run.hold(session)
        document = bank_document(session, version_id)
        bank = unpack(document.skeleton) if document else None
        count = lower_tops(bank, dialect, new_id, lone=lone) if bank is not None else 0
        if document and bank is not None and count:
            document.skeleton = pack(bank)
    return count


def sentence(count: int) -> str:
    """What to tell of a bank that no Moodle would have restored as it was."""
    return ngettext(
        "%(num)s category of questions stood where a Moodle has the topmost one alone: it is kept below that one.",
        "%(num)s categories of questions stood where a Moodle has the topmost one alone: they are kept below "
        "that one.",
        count,
    )


def lower_tops(bank: etree._Element, dialect: int, new_id: Callable[[], int], *, lone: bool) -> int:
    """Put all categories that stand on top below one called top, in place; it is made where there is none."""
    topmost = [one for one in bank.iterfind("question_category") if one.findtext("parent") == "0"]
    tops: dict[str, etree._Element] = {}
    for category in filter(is_top, topmost):
        tops.setdefault(_context(category), category)
    crowd = Counter(map(_context, topmost))
    lowered = [
        one for one in topmost if one is not tops.get(_context(one)) and (lone or crowd[_context(one)] > 1)
    ]
    for category in lowered:
        context = _context(category)
        if context not in tops:
            tops[context] = _made(category, dialect, new_id())
            category.addprevious(tops[context])
        for parent in category.iterchildren("parent"):
            parent.text = tops[context].get("id")
    return len(lowered)


def _context(category: etree._Element) -> str:
    return category.findtext("contextid") or ""


def _made(below: etree._Element, dialect: int, number: int) -> etree._Element:
    """A topmost category for the place of another one."""
    top = etree.Element("question_category", {"id": str(number)})
    add_leaf(top, "name", "top")
    top.extend([deepcopy(leaf) for name in _PLACE for leaf in below.iterchildren(name)])
    stamp = f"{below.findtext('stamp') or below.get('id')}+top"
    rest = {"info": "", "infoformat": "0", "stamp": stamp, "parent": "0", "sortorder": "0", "idnumber": None}
    for name, text in rest.items():
        add_leaf(top, name, text)
    etree.SubElement(top, "question_bank_entries" if dialect >= FIRST_MODERN else "questions")
    return top
