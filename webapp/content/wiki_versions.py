"""A page of a wiki that is changed: Moodle keeps each text that it had as a version.

Moodle 4.5 mod/wiki/locallib.php wiki_save_page. Whoever looks at the page next in Moodle has `cachedcontent`, the
text as HTML, made anew from the newest version, since `timerendered` says that it is old.
"""

from __future__ import annotations

from copy import deepcopy

import sqlalchemy as sa
from lxml import etree
from markupsafe import Markup, escape

from jobs.archive.xml import text_of
from webapp.access.audit import actor
from webapp.content.documents import set_leaf
from webapp.content.edit import ContentChanged, Edit
from webapp.content.elements import Change
from webapp.models import Person


def newest_version(page: etree._Element) -> etree._Element | None:
    """The version that the page shows: the one with the highest number."""
    return max(page.iterfind("versions/version"), key=_number, default=None)


def add_version(change: Edit, page: etree._Element, changes: list[Change], author: str) -> list[Change]:
    """Put the changed text into a version of its own, behind the others; returns the changes of the page besides."""
    newest = newest_version(page)
    content = newest.find("content") if newest is not None else None
    if newest is None or content is None:
        raise ContentChanged
    way = etree.ElementTree(page).getelementpath(content)
    written = next((one for one in changes if one.leaf == way), None)
    if written is None:
        return changes
    if text_of(content) != written.before:
        raise ContentChanged
    after = written.after
    text = after if isinstance(after, str) else after.draft.named(change, after.files, author)
    version = deepcopy(newest)
    newest.addnext(version)
    (moodle_id,) = change.take_ids(1)
    version.set("id", str(moodle_id))
    writer = _writer(change, newest.findtext("userid") or "")
    leaves = {
        "content": text,
        "version": str(_number(newest) + 1),
        "timecreated": str(change.now),
        "userid": writer,
    }
    for name, value in leaves.items():
        set_leaf(version, name, value)
    of_page = {"userid": writer, "timemodified": str(change.now), "timerendered": "0"}
    for name, value in (of_page | {"cachedcontent": _as_html(version, text)}).items():
        set_leaf(page, name, value)
    return [one for one in changes if one is not written]


def _writer(change: Edit, last: str) -> str:
    """The archive's id of who saves it. Somebody who did not come with the course is nobody there, and Moodle can't
    show a version that nobody wrote: it goes under the name of whoever wrote the last one."""
    found = sa.select(Person.moodle_id).where(
        Person.version_id == change.version.id, Person.account_id == actor().user_id
    )
    own = change.session.scalars(found.limit(1)).first() if actor().user_id else None
    return str(own) if own is not None else last


def _as_html(version: etree._Element, text: str) -> str:
    if version.findtext("contentformat") in ("html", "", None):
        return text
    lines = (escape(line) for line in text.splitlines() if line.strip())
    return str(Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines))


def _number(version: etree._Element) -> int:
    text = version.findtext("version") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
