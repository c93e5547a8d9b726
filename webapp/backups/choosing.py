"""What a new backup holds as long as nobody has said anything else, and how choices go from step to step.

They stand in the address: a step can be gone back to, kept and loaded again, and nothing waits on the server.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from werkzeug.datastructures import MultiDict

from jobs.language import lazy_gettext as _l
from webapp.extensions import db
from webapp.job_requests.inclusion import for_backup

LeftOut = dict[str, list[int]]

#: The steps towards a backup of a course, with what each is called.
STEPS = {
    "what": _l("Sections and activities"),
    "content": _l("People and files"),
    "review": _l("Look through"),
}
NOTHING: LeftOut = {"sections": [], "activities": []}
_CHOSEN = ("people", "container", "without", "out", "archive_name", "note")
#: No list of what is left out is longer than this, unpacked.
_LONGEST = 1_000_000


def defaults() -> dict[str, Any]:
    """What of a backup is chosen beforehand, as `webapp.job_requests.inclusion.for_backup` says it."""
    return dict(for_backup(db.session()).chosen)


def chosen_before(given: MultiDict[str, str]) -> dict[str, Any]:
    """What an address says was chosen in the steps before; `defaults` for what it does not say."""
    chosen = defaults() | {name: given[name] for name in _CHOSEN if name in given}
    return chosen | {"files": given.get("files", bool(chosen["files"])) not in (False, "")}


def packed(left_out: LeftOut) -> str:
    """What is left out, short enough for an address; empty for nothing."""
    if not any(left_out.values()):
        return ""
    text = ";".join(_differences(left_out[kind]) for kind in ("sections", "activities"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> LeftOut:
    """What `packed` made of it. Raises ValueError for anything else."""
    if not text:
        return NOTHING
    try:
        given = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        sections, activities = zlib.decompressobj().decompress(given, _LONGEST).decode().split(";")
    except (binascii.Error, zlib.error) as error:
        raise ValueError("This is no list of what is left out.") from error
    return {"sections": _numbers(sections), "activities": _numbers(activities)}


def _differences(numbers: list[int]) -> str:
    """Each as its distance from the one before: these are small and alike, so that they pack well."""
    there = sorted(numbers)
    return ",".join(str(one - before) for before, one in zip([0, *there], there, strict=False))


def _numbers(differences: str) -> list[int]:
    found, last = [], 0
    for one in filter(None, differences.split(",")):
        last += int(one)
        found.append(last)
    return found
