"""What in a course needs something else of it: said before a backup that leaves this out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.availability import conditions_in
from jobs.archive.numbers import whole_number
from jobs.archive.refs import QUESTION, WITH_SUBCATEGORIES, references_in
from jobs.archive.tokens import links_in
from jobs.archive.trees import tree_for
from jobs.archive.xml import unpack
from jobs.language import gettext as _
from jobs.steps.batch import BODIES
from jobs.steps.selecting.bank import Bank, read_bank
from jobs.steps.selecting.parts import Selection, select
from webapp.models import Activity, CourseVersion, Document, Record, Section

#: So many are named in one sentence.
MOST_NAMES = 5
_TOKEN = re.compile(rb"\$@[A-Z0-9]+\*")


@dataclass
class _Absent:
    """What stays out, by all the ids that may point to it."""

    names: dict[tuple[str, int], str] = field(default_factory=dict)
    graded: list[str] = field(default_factory=list)

    def name(self, kind: str, number: object) -> str | None:
        return self.names.get((kind, number)) if isinstance(number, int) else None


def dependants(session: Session, version: CourseVersion, leave_out: dict[str, Any]) -> list[str]:
    """Say in a sentence each what is no longer right in a backup without what is left out."""
    chosen = select(session, version, {"leave_out": leave_out})
    if chosen.is_whole:
        return []
    absent = _read_absent(session, version, chosen)
    found = (
        *_whole_course(session, version, chosen, absent),
        *_alone(session, chosen, absent),
        *_questions(session, version, chosen, absent),
    )
    return list(dict.fromkeys(found))


def left_alone(session: Session, chosen: Selection) -> list[str]:
    """Say in a sentence each which of the chosen parts restrict or link to what is not among them."""
    return list(dict.fromkeys(_alone(session, chosen, _read_absent(session, chosen.version, chosen))))


def _alone(session: Session, chosen: Selection, absent: _Absent) -> Iterator[str]:
    yield from _restrictions(session, chosen, absent)
    yield from _links(session, chosen, absent)


def _read_absent(session: Session, version: CourseVersion, chosen: Selection) -> _Absent:
    everything, absent = select(session, version, {}), _Absent()
    for section in everything.sections:
        if section.moodle_id in chosen.absent_sections:
            absent.names["course_section", section.moodle_id] = _name(section)
    kept = {activity.id for activity in chosen.activities}
    gone = {activity.id: activity for activity in everything.activities if activity.id not in kept}
    for activity in gone.values():
        for kind, number in (
            ("course_module", activity.moodle_id),
            ("context", activity.context_id),
            (activity.type, activity.instance_id),
        ):
            absent.names[kind, number] = _name(activity)
    for activity_id, root in _documents(session, Document.activity_id, gone, "grades.xml"):
        for item in root.iter("grade_item"):
            absent.names["grade_item", whole_number(item.get("id")) or 0] = _name(gone[activity_id])
            absent.graded.append(_name(gone[activity_id]))
    return absent


def _whole_course(
    session: Session, version: CourseVersion, chosen: Selection, absent: _Absent
) -> Iterator[str]:
    """What is written only while nothing stays out that it speaks of, if the course has it."""
    if absent.graded and _has(session, version, "gradebook.xml", "grade_category", "grade_item"):
        yield (
            _(
                "The gradebook with its categories and totals stays out: it needs the grades of "
                "%(activities)s.",
                activities=_several(absent.graded),
            )
        )
    if not chosen.absent_activities:
        return
    if _has(session, version, "completion.xml", "course_completion_criteria"):
        yield _("The rules for completing the course stay out: they go only with all activities.")
    if _has(session, version, "badges.xml", "criterion"):
        yield _("What people have to do for a badge stays out: it goes only with all activities.")


def _has(session: Session, version: CourseVersion, name: str, *tags: str) -> bool:
    """Whether a document of the course as a whole has one of these elements."""
    mine = (Document.version_id == version.id) & (Document.name == name)
    mine &= Document.activity_id.is_(None) & Document.section_id.is_(None) & Document.block_id.is_(None)
    skeletons = sa.select(Document.skeleton).where(mine)
    records = sa.select(Record.body).join(Document, Record.document_id == Document.id).where(mine)
    parts = (part for asked in (skeletons, records) for part in session.scalars(asked))
    return any(next(unpack(part).iter(*tags), None) is not None for part in parts)


def _restrictions(session: Session, chosen: Selection, absent: _Absent) -> Iterator[str]:
    """Who opens only once something has been done that stays out."""
    things: Sequence[tuple[Any, str, Sequence[Section | Activity]]] = (
        (Document.section_id, "section.xml", chosen.sections),
        (Document.activity_id, "module.xml", chosen.activities),
    )
    for column, name, rows in things:
        by_id = {row.id: row for row in rows}
        for row_id, root in _documents(session, column, by_id, name):
            subject = _subject(by_id[row_id])
            for condition in conditions_in(root):
                if needed := absent.name("course_module", condition.get("cm")):
                    yield _(
                        "%(subject)s opens only after %(needed)s is completed, and that stays out.",
                        subject=subject,
                        needed=needed,
                    )
                kind = "grade_item" if condition["type"] == "grade" else ""
                if needed := absent.name(kind, condition.get("id")):
                    yield _(
                        "%(subject)s opens only with a grade in %(needed)s, and that stays out.",
                        subject=subject,
                        needed=needed,
                    )


def _links(session: Session, chosen: Selection, absent: _Absent) -> Iterator[str]:
    """Whose texts lead to something that stays out. What people wrote is not looked at."""
    for subject, text in _texts(session, chosen):
        for kind, number in links_in(text):
            if leads_to := absent.name(kind, number):
                yield _(
                    "%(subject)s links to %(leads_to)s, which stays out.", subject=subject, leads_to=leads_to
                )


def _texts(session: Session, chosen: Selection) -> Iterator[tuple[str, str]]:
    yield _("The summary of the course"), chosen.version.summary or ""
    for section in chosen.sections:
        yield _subject(section), section.summary or ""
    by_id = {activity.id: activity for activity in chosen.activities}
    for activity in chosen.activities:
        for text in (activity.intro, activity.content, activity.external_url):
            yield _subject(activity), text or ""
    of_activity = (Document.version_id == chosen.version.id) & Document.activity_id.is_not(None)
    skeletons = sa.select(Document.activity_id, Document.skeleton).where(of_activity)
    records = sa.select(Document.activity_id, Record.body).join(Record, Record.document_id == Document.id)
    records = records.where(of_activity, Record.user_data.is_(False))
    for asked in (skeletons, records):
        for activity_id, body in session.execute(asked.execution_options(yield_per=BODIES)):
            if activity_id in by_id and _TOKEN.search(body):
                yield _subject(by_id[activity_id]), body.decode()


def _questions(session: Session, version: CourseVersion, chosen: Selection, absent: _Absent) -> Iterator[str]:
    """Who asks questions from the bank of an activity that stays out."""
    bank = read_bank(session, version)
    owned = {
        number: name
        for number, one in bank.categories.items()
        if (name := absent.name("context", one.context)) is not None
    }
    if not owned:
        return
    for activity in chosen.activities:
        for category in _categories_of(session, activity, bank):
            if category in owned:
                yield (
                    _(
                        "%(subject)s asks questions that belong to %(owner)s; the files in them stay out with it.",
                        subject=_subject(activity),
                        owner=owned[category],
                    )
                )


def _categories_of(session: Session, activity: Activity, bank: Bank) -> set[int]:
    name = f"{activity.type}.xml"
    tree, categories = tree_for(activity.directory, name), set[int]()
    for _owner, root in _documents(session, Document.activity_id, (activity.id,), name):
        for kind, number in references_in(root, str(root.tag), tree):
            if kind == "question_bank_entry" and number in bank.entries:
                categories.add(bank.entries[number])
            elif kind == QUESTION and number in bank.lone_questions:
                categories.add(bank.lone_questions[number])
            elif kind == "question_category":
                categories.add(number)
            elif kind == WITH_SUBCATEGORIES:
                categories |= bank.within(number)
    return categories


def _documents(
    session: Session, column: Any, owners: Collection[int], name: str
) -> Iterator[tuple[int, etree._Element]]:
    """The documents of this name that the owners have."""
    asked = sa.select(column, Document.skeleton).where(column.in_(list(owners)), Document.name == name)
    for owner, skeleton in session.execute(asked.order_by(Document.position, Document.id)):
        yield owner, unpack(skeleton)


def _name(one: Section | Activity) -> str:
    if isinstance(one, Section):
        return _("the section “%(name)s”", name=one.name or one.title or one.number)
    return f"“{one.name or one.title or one.type}”"


def _subject(one: Section | Activity) -> str:
    """Its name at the beginning of a sentence."""
    name = _name(one)
    return name[0].upper() + name[1:]


def _several(names: Sequence[str]) -> str:
    several = list(dict.fromkeys(names))
    more = len(several) - MOST_NAMES
    if more > 0:
        return _("%(names)s and %(more)s more", names=", ".join(several[:MOST_NAMES]), more=more)
    if len(several) == 1:
        return several[0]
    return _("%(names)s and %(last)s", names=", ".join(several[:-1]), last=several[-1])
