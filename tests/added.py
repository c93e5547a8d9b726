"""Compares a course before and after something was added to it."""

import re
import xml.etree.ElementTree as ET

from tests.members import same_documents


def changed(before, after):
    """The documents of a course in which adding something has changed or lost what was there; given their members.

    That sections list more activities, and lists have more entries, is no change of what was there.
    """
    differ = [name for name in same_documents(before, after) if name in before]
    return [name for name in differ if name not in after or not _goes_on(before[name], after[name])]


def _goes_on(before, after):
    """Whether all that a document said is still said, in the same order, whatever else stands between."""
    said = iter(_pieces(after))
    return all(piece in said for piece in _pieces(before))


def _pieces(content):
    text = ET.canonicalize(ET.tostring(ET.fromstring(content)), strip_text=True)
    text = re.sub(r"<sequence>[0-9,]*</sequence>", "", text)
    return re.findall(r"<[^>]*>|[^<]+", text)


def folders(members):
    """The folders of activities in the order of the manifest."""
    root = ET.fromstring(members["moodle_backup.xml"])
    return [one.text for one in root.iterfind("information/contents/activities/activity/directory")]


def added_folders(before, after):
    """The folders of the activities that came, in their order."""
    there = set(folders(before))
    return [one for one in folders(after) if one not in there]


def shape(content):
    """What a document says when every whole number in it is taken for an id that may have changed."""
    said = ET.canonicalize(ET.tostring(ET.fromstring(content)), strip_text=True)
    return re.sub(r"[0-9]+", "#", said)


def leaf_texts(members, name, path):
    """The texts of the leaves at a path of a document."""
    return [one.text or "" for one in ET.fromstring(members[name]).iterfind(path)]
