"""Brings a question bank of Moodle 4 into the form from before it, which knows no versions.

Each version becomes a question of its own: the newest as it is, older ones hidden, which is what the Moodles before 4
did with questions that were in use and not to be used again. Their ids stay, so attempts find theirs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.ids.numbers import whole
from jobs.archive.questions import PATH
from jobs.archive.questions.leaves import add_leaf, leaf_text, move_undeclared, put_leaf
from jobs.archive.questions.losses import Loss
from jobs.archive.trees import tree_for

#: Since Moodle 3.5 every context has a category on top of the others.
FIRST_WITH_TOPS = 2018_05_17_00

_COMMENTS = "plugin_qbank_comment_question//comment"
_FIELDS = "plugin_qbank_customfields_question//customfield"


@dataclass
class OldBank:
    """A bank in the old form, and what it knows of the new one by the entries that have gone by."""

    #: The categories by their ids.
    categories: dict[str, etree._Element] = field(default_factory=dict)
    #: The question that each entry stands for, and each version of it.
    newest: dict[str, str] = field(default_factory=dict)
    versions: dict[tuple[str, str], str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    losses: Counter[Loss] = field(default_factory=Counter)

    @classmethod
    def of(cls, skeleton: etree._Element) -> OldBank:
        """A bank with the categories of questions.xml."""
        return cls({one.get("id") or "": one for one in skeleton.iterfind("question_category")})

    def questions_of(self, entry: etree._Element) -> list[etree._Element]:
        """The questions that an entry becomes; none if it has no version."""
        number = entry.get("id") or ""
        versions = _by_age(entry)
        if not versions:
            return []
        newest, *older = versions
        found = [self._question(entry, newest, is_shown=_status(newest) == "ready")]
        found += [self._question(entry, one, is_shown=False) for one in older]
        questions = [one for one in found if one is not None]
        if questions:
            self.newest[number] = questions[0].get("id") or ""
            _move_undeclared(entry, questions[0], PATH)
        self.losses[Loss.VERSIONS] += len(older)
        self.losses[Loss.DRAFTS] += sum(_status(one) == "draft" for one in (newest, *older))
        self.losses[Loss.OWNERS] += _is_owned_apart(entry)
        return questions

    def _question(
        self, entry: etree._Element, version: etree._Element, *, is_shown: bool
    ) -> etree._Element | None:
        question = version.find("questions/question")
        if question is None:
            return None
        self.versions[entry.get("id") or "", version.findtext("version") or ""] = question.get("id") or ""
        self.tags |= {
            one.get("id") or "": one.findtext("name") or "" for one in question.iterfind("tags/tag")
        }
        self.losses[Loss.COMMENTS] += len(question.findall(_COMMENTS))
        self.losses[Loss.FIELDS] += len(question.findall(_FIELDS))
        _move_undeclared(version, question, f"{PATH}/question_version/question_versions")
        # An old question is told by its stamp and by one for its version; both are the same where there was one.
        put_leaf(question, "version", leaf_text(question, "stamp") or "", behind="stamp")
        put_leaf(question, "hidden", str(int(not is_shown)), behind="version")
        put_leaf(
            question, "idnumber", leaf_text(entry, "idnumber") if is_shown else None, behind="modifiedby"
        )
        return question


def _move_undeclared(holder: etree._Element, question: etree._Element, path: str) -> None:
    """Have a question keep what nobody has declared of what held it: an entry, or a version, and the list in it."""
    tree, inner = tree_for("", "questions.xml"), "question_version" if path == PATH else "questions"
    move_undeclared(holder, question, tree.node(path))
    for part in holder.findall(inner):
        move_undeclared(part, question, tree.node(f"{path}/{inner}"))


def age_bank(bank: etree._Element, *, with_tops: bool) -> None:
    """Rename the places of questions, in place; without the categories on top, if the course has none."""
    for container in bank.iterfind("question_category/question_bank_entries"):
        container.tag = "questions"
    if with_tops:
        return
    tops = {one.get("id"): one for one in bank.iterfind("question_category") if _is_top(one)}
    for category in bank.iterfind("question_category"):
        parent = category.find("parent")
        if parent is not None and parent.text in tops:
            parent.text = "0"
    node = tree_for("", "questions.xml").node("question_categories/question_category")
    for top in tops.values():
        move_undeclared(top, bank, node)
        bank.remove(top)


def random_question(number: int, category: etree._Element, slot: str, *, deep: bool) -> etree._Element:
    """What stands in the bank for any question of a category, for one slot."""
    question = etree.Element("question", {"id": str(number)})
    stamp = f"{category.findtext('stamp') or category.get('id')}+{slot}"
    leaves = {
        "parent": str(number), "name": f"Random ({category.findtext('name') or ''})", "questiontext": str(int(deep)),
        "questiontextformat": "0", "generalfeedback": "", "generalfeedbackformat": "0",
        "defaultmark": "1.0000000", "penalty": "0.0000000", "qtype": "random", "length": "1", "stamp": stamp,
        "version": stamp, "hidden": "0", "timecreated": "0", "timemodified": "0", "createdby": None,
        "modifiedby": None, "idnumber": None,
    }  # fmt: skip
    for name, text in leaves.items():
        add_leaf(question, name, text)
    etree.SubElement(question, "question_hints")
    etree.SubElement(question, "tags")
    return question


def _by_age(entry: etree._Element) -> list[etree._Element]:
    """The versions, the one first that is used: the newest that is no draft."""
    versions = entry.findall("question_version/question_versions")
    return sorted(versions, key=lambda one: (_status(one) != "draft", _number(one)), reverse=True)


def _number(version: etree._Element) -> int:
    return whole(version.findtext("version"))


def _status(version: etree._Element) -> str:
    return version.findtext("status") or "ready"


def _is_owned_apart(entry: etree._Element) -> bool:
    """Whether an entry belongs to somebody who made none of its versions."""
    owner = leaf_text(entry, "ownerid")
    makers = {one.text for one in entry.iterfind("question_version//questions/question/createdby")}
    return bool(owner) and owner not in makers


def _is_top(category: etree._Element) -> bool:
    has_questions = any(len(one) for one in category.iterfind("questions"))
    return category.findtext("parent") == "0" and category.findtext("name") == "top" and not has_questions
