"""Questions of a feedback that are asked only after a certain answer to another one: they name that answer's words.

Moodle 4.5 mod/feedback/lib.php feedback_compare_item_value: `dependvalue` is the text of an option of `dependitem`.
"""

from __future__ import annotations

from lxml import etree

from jobs.archive.xml import set_text, text_of
from webapp.content.edit import Edit
from webapp.content.elements import Change
from webapp.content.presentation import words_in


def follow_options(_change: Edit, item: etree._Element, changes: list[Change], _author: str) -> list[Change]:
    """Let the questions that depend on an option of this one name its new words."""
    items = item.getparent()
    for one in changes:
        if one.leaf != "presentation" or not isinstance(one.after, str) or items is None:
            continue
        renamed = dict(zip(words_in(one.before or ""), words_in(one.after), strict=False))
        for other in items.iterfind("item"):
            value = other.find("dependvalue")
            if value is not None and other.findtext("dependitem") == item.get("id"):
                said = text_of(value) or ""
                if renamed.get(said, said) != said:
                    set_text(value, renamed[said])
    return changes
