"""Brings the slots of a quiz of Moodle 4 into the form from before it, in which a slot names a question.

Moodle 3.5 put what a random slot draws from into the slot as well (mod/quiz/db/upgrade.php); before 2.7 a list of the
quiz, with a 0 for each new page, said in which order the questions come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.questions.draws import Draw, draw_of
from jobs.archive.questions.leaves import add_leaf, leaf_text, move_undeclared, put_leaf, take_leaf
from jobs.archive.questions.losses import Loss
from jobs.archive.questions.old import FIRST_WITH_TOPS, OldBank, random_question
from jobs.archive.trees import tree_for
from jobs.archive.xml import set_text

#: The newest mod_quiz that Moodle takes for one with the old slots (mod/quiz restore_quiz_stepslib.php).
LAST_OLD_QUIZ = 2021_05_17_00
_SLOT = "activity/quiz/question_instances/question_instance"
_FIRST_WITH_SLOTS = 2014_05_12_00
_FIRST_WITH_SECTIONS = 2015_11_16_00


@dataclass
class QuizAging:
    """Writes quizzes for a bank whose entries have all gone by."""

    bank: OldBank
    #: The version of the backups of the Moodle that is to read them.
    dialect: int
    #: Gives an id that nothing has yet.
    new_id: Callable[[], int]
    #: The random questions that stand for what slots draw from, each with its category.
    randoms: list[tuple[str, etree._Element]] = field(default_factory=list)

    def age(self, activity: etree._Element) -> None:
        """Write the slots of quiz.xml anew, in place."""
        quiz = activity.find("quiz")
        if quiz is None:
            return
        self.bank.losses[Loss.GRADES] += len(quiz.findall("quiz_grade_items/quiz_grade_item"))
        slots = quiz.findall("question_instances/question_instance")
        for slot in slots:
            self._slot(slot)
        if self.dialect < _FIRST_WITH_SECTIONS and quiz.find("shufflequestions") is None:
            shuffled = quiz.findtext("sections/section/shufflequestions") or "0"
            put_leaf(quiz, "shufflequestions", shuffled, behind="navmethod")
        if self.dialect < _FIRST_WITH_SLOTS:
            _list_slots(quiz, slots)

    def _slot(self, slot: etree._Element) -> None:
        self.bank.losses[Loss.NUMBERS] += bool(leaf_text(slot, "displaynumber"))
        fixed, drawn = slot.find("question_reference"), slot.find("question_set_reference")
        if fixed is not None:
            question, draw = self._fixed(fixed), None
        elif drawn is not None:
            draw = self._draw(drawn)
            question = self._drawn(slot, draw) if draw else ""
        else:
            return
        if not question:
            self.bank.losses[Loss.NOWHERE] += 1
            return
        for reference in (fixed, drawn):
            if reference is not None:
                node = tree_for("activities/quiz_1", "quiz.xml").node(f"{_SLOT}/{reference.tag}")
                move_undeclared(reference, slot, node)
                slot.remove(reference)
        self._name(slot, question, draw)

    def _fixed(self, reference: etree._Element) -> str:
        entry, version = leaf_text(reference, "questionbankentryid") or "", leaf_text(reference, "version")
        newest = self.bank.newest.get(entry, "")
        return self.bank.versions.get((entry, version), newest) if version else newest

    def _draw(self, reference: etree._Element) -> Draw | None:
        draw = draw_of(leaf_text(reference, "filtercondition") or "")
        return draw if draw and draw.category in self.bank.categories else None

    def _drawn(self, slot: etree._Element, draw: Draw) -> str:
        self.bank.losses[Loss.FILTERS] += draw.is_narrower or (
            bool(draw.tags) and self.dialect < FIRST_WITH_TOPS
        )
        category = self.bank.categories[draw.category]
        question = random_question(self.new_id(), category, slot.get("id") or "", deep=draw.subcategories)
        self.randoms.append((draw.category, question))
        return question.get("id") or ""

    def _name(self, slot: etree._Element, question: str, draw: Draw | None) -> None:
        """Have a slot name its question."""
        if self.dialect < _FIRST_WITH_SLOTS:
            add_leaf(slot, "question", question)
            add_leaf(slot, "grade", leaf_text(slot, "maxmark"))
            return
        put_leaf(slot, "questionid", question, behind="requireprevious")
        if self.dialect < FIRST_WITH_TOPS:
            return
        deep = str(int(draw.subcategories)) if draw else None
        put_leaf(slot, "questioncategoryid", draw.category if draw else None, behind="questionid")
        put_leaf(slot, "includingsubcategories", deep, behind="questioncategoryid")
        slot.append(self._tags(draw))

    def _tags(self, draw: Draw | None) -> etree._Element:
        tags = etree.Element("tags")
        for number, said in draw.tags if draw else ():
            name = said or self.bank.tags.get(number, "")
            if not name:
                self.bank.losses[Loss.TAGS] += 1
                continue
            tag = etree.SubElement(tags, "tag", {"id": str(self.new_id())})
            add_leaf(tag, "tagid", number)
            add_leaf(tag, "tagname", name)
        return tags


def age_module(module: etree._Element, activity: etree._Element, dialect: int) -> None:
    """Have module.xml say which quiz it is about, and quiz.xml what module.xml said of passing."""
    module.set("version", str(min(dialect, LAST_OLD_QUIZ)))
    quiz = activity.find("quiz")
    if (
        quiz is not None
        and quiz.find("completionpass") is None
        and (grade := leaf_text(module, "completionpassgrade"))
    ):
        put_leaf(quiz, "completionpass", grade, behind="completionattemptsexhausted")


def _list_slots(quiz: etree._Element, slots: list[etree._Element]) -> None:
    order = sorted(slots, key=lambda one: int(leaf_text(one, "slot") or 0))
    listed, page = [], "1"
    for slot in order:
        if (leaf_text(slot, "page") or page) != page:
            page = leaf_text(slot, "page") or page
            listed.append("0")
        if question := leaf_text(slot, "question"):
            listed.append(question)
    for slot in slots:
        for name in ("slot", "page", "requireprevious", "maxmark"):
            take_leaf(slot, name)
    questions = (
        etree.SubElement(quiz, "questions") if quiz.find("questions") is None else quiz.find("questions")
    )
    if questions is not None:
        set_text(questions, ",".join([*listed, "0"]))
