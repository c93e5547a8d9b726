"""Ids of people inside other texts: settings serialised by PHP or as JSON, conditions, links to their pages.

Nothing but the numbers is touched: a text in which nobody is meant comes back as it was, byte for byte.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from jobs.archive.ids.person_names import names_person

#: What takes the place of a person’s id; 0 stands for nobody.
Renumber = Callable[[int], int]

#: In a condition on a person’s own data, this stands for an address or name that nobody has.
NO_VALUE = "nobody@doesntexist.invalid"

_SERIALISED = ("a:", "O:", "{", "[")
_PACKED = ("YTo", "Tzo")  # "a:" and "O:" in base64
_PHP = re.compile(r's:\d+:"(?P<name>\w+)";(?P<before>i:|s:\d+:")(?P<number>\d{1,18})(?=[;"])')
_JSON = re.compile(r'"(?P<name>\w+)"(?P<before>\s*:\s*"?)(?P<number>\d{1,18})(?=["\s,}])')
# Moodle 4.5: scripts that show one person, and what they call the id.
_LINK = re.compile(
    r"/(?P<script>(?:user|message|report|grade|course|mod|blog|notes)/[\w/]+)\.php\?[^\s\"'<>]*"
)
_BY_ID = re.compile(r"user/(?:view|profile|edit|editadvanced)|message/index|mod/forum/user")
_ID = re.compile(r"(?<=[?&;])(?P<name>(?:id|userid|user[12]?|touserid)=)(?P<number>\d{1,18})")
_USER_ID = re.compile(r"(?<=[?&;])(?P<name>(?:userid|user[12]?|touserid)=)(?P<number>\d{1,18})")
_USER_FILE = re.compile(r"(?<=pluginfile\.php/)\d+(?=/user/)")
# Moodle 4.5 availability/condition/profile: fields that tell one person from another.
_OWN_FIELDS = frozenset(
    ("address", "email", "firstname", "lastname", "idnumber", "phone1", "phone2", "username")
)


def renumber_mentions(text: str, renumber: Renumber) -> str:
    """Return the text with other ids for the people that it mentions."""
    if text.startswith(_PACKED):
        text = _repacked(text, renumber)
    elif text.startswith(_SERIALISED):
        text = _in_settings(text, renumber)
    if "user" not in text and "message/" not in text:
        return text
    return _USER_FILE.sub("0", _LINK.sub(lambda link: _in_link(link, renumber), text))


def participants_in(text: str) -> list[int]:
    """The people in a list of participants (Moodle 4.5 mod/bigbluebuttonbn)."""
    entries = _read_json(text)
    people = map(_participant, entries if isinstance(entries, list) else ())
    return [one for one in people if one]


def renumber_participants(text: str, renumber: Renumber) -> str:
    """The same list with other ids; who becomes nobody goes."""
    entries = _read_json(text)
    if not isinstance(entries, list):
        return "[]"
    changed = [one for one in entries if _renumbered(one, renumber)]
    return text if changed == _read_json(text) else json.dumps(changed, separators=(",", ":"))


def _renumbered(entry: Any, renumber: Renumber) -> bool:
    """Renumber an entry in place; false if it names nobody any more."""
    old = _participant(entry)
    if old is None:
        return True
    new = renumber(old) if old else 0
    entry["selectionid"] = str(new)
    return new > 0


def _participant(entry: Any) -> int | None:
    """Whom an entry names, 0 if that is no id; None if it is about no single person."""
    if not isinstance(entry, dict) or entry.get("selectiontype") != "user":
        return None
    text = str(entry.get("selectionid"))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _repacked(text: str, renumber: Renumber) -> str:
    try:
        plain = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    changed = _in_settings(plain, renumber)
    return text if changed == plain else base64.b64encode(changed.encode()).decode()


def _in_settings(text: str, renumber: Renumber) -> str:
    if '"profile"' in text:
        text = _without_own_values(text)
    of_php = text.startswith(("a:", "O:"))

    def put(found: re.Match[str]) -> str:
        if not names_person(found["name"]):
            return found[0]
        old = found["number"]
        new = str(renumber(int(old)))
        return found[0].removesuffix(old) + (_as_long(new, old) if of_php else new)

    return (_PHP if of_php else _JSON).sub(put, text)


def _as_long(new: str, old: str) -> str:
    """The new number in as many digits: what PHP serialised tells the length of each string in it."""
    return new.zfill(len(old)) if len(new) <= len(old) else "0" * len(old)


def _in_link(link: re.Match[str], renumber: Renumber) -> str:
    pattern = _ID if _BY_ID.fullmatch(link["script"]) else _USER_ID
    return pattern.sub(lambda found: found["name"] + str(renumber(int(found["number"]))), link[0])


def _without_own_values(text: str) -> str:
    """Let a condition on one person’s address or name be met by nobody."""
    tree = _read_json(text)
    return json.dumps(tree, separators=(",", ":")) if _close(tree) else text


def _close(condition: Any) -> bool:
    if not isinstance(condition, dict):
        return False
    closed = False
    if condition.get("type") == "profile" and condition.get("sf") in _OWN_FIELDS:
        # Only a whole value tells who is meant; "ends with @school.example" does not.
        closed = condition.get("op") == "isequalto" and condition.get("v") not in (None, "", NO_VALUE)
        condition |= {"v": NO_VALUE} if closed else {}
    parts = condition.get("c")
    for part in parts if isinstance(parts, list) else ():
        closed |= _close(part)
    return closed


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
