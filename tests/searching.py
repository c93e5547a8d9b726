"""Looks through a whole archive for what tells who somebody is."""

import base64
import binascii
import html
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from urllib.parse import unquote, unquote_plus

#: The leaves of a person that tell who it is, in users.xml.
_TELLING = (
    "username", "idnumber", "email", "phone1", "phone2", "icq", "skype", "yahoo", "aim", "msn", "url", "institution",
    "department", "address", "city", "lastip", "imagealt", "firstname", "lastname", "middlename", "alternatename",
    "firstnamephonetic", "lastnamephonetic", "description",
)  # fmt: skip
#: What several people have in common tells of none of them.
_SHARED = ("institution", "department", "city", "description", "lastip")
_NOTHING = {None, "", "0", "$@NULL@$", "0.0.0.0"}
_PACKED = re.compile(rb"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{8,}={0,2}(?![A-Za-z0-9+/=])")

_OF_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")


def personal_strings(members):
    """What an archive says of its people in the places made for it: users.xml, files.xml and the logs."""
    found = set()
    if "users.xml" in members:
        root = ET.fromstring(members["users.xml"])
        for person in root.iter("user"):
            found |= {person.findtext(leaf) for leaf in _TELLING}
            found.add(f"{person.findtext('firstname')} {person.findtext('lastname')}")
        common = Counter((leaf.tag, leaf.text) for leaf in root.iter() if leaf.tag in _SHARED)
        found -= {text for (_, text), number in common.items() if number > 1}
        found |= {leaf.text for leaf in root.iter("field_data")}
    for name, content in members.items():
        if name.endswith(("files.xml", "logs.xml", "logstores.xml")):
            found |= {leaf.text for leaf in ET.fromstring(content).iter() if leaf.tag in ("author", "ip")}
    return {text for text in found - _NOTHING if len(text) > 3 or not text.isascii()}


def ids_of_people(members):
    """The ids under which an archive lists its people."""
    return [person.get("id") for person in ET.fromstring(members["users.xml"]).iter("user")]


def places_of(strings, members):
    """Where in an archive any of the strings stands, as pairs of a place and the string; in names of members, too.

    Looked through are the bytes as they are, what XML and HTML escape, what links and JSON escape, letters that
    are put together from two, and what base64 hides of all that.
    """
    patterns = {text: _pattern(text) for text in strings}
    found = set()
    for name, content in members.items():
        for said in (name, *_readings(content)):
            found |= {(name, text) for text, pattern in patterns.items() if pattern.search(said)}
    return sorted(found)


def _pattern(text):
    # A name may be part of another word: "anna" is in "savanna".
    text = unicodedata.normalize("NFC", text)
    return re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])", re.IGNORECASE)


def _readings(content):
    yield from _plain_readings(content.decode("utf-8", "replace"))
    for packed in _PACKED.findall(content):
        try:
            yield from _plain_readings(base64.b64decode(packed, validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            continue


def _plain_readings(text):
    unescaped = html.unescape(html.unescape(text))
    of_json = _OF_JSON.sub(lambda found: chr(int(found[1], 16)), unescaped)
    readings = {text, unescaped, unquote(unescaped), unquote_plus(unescaped), of_json}
    yield from {unicodedata.normalize("NFC", one) for one in readings}
