"""What a backup holds and a restore brings as long as nobody says otherwise, and what nobody may choose otherwise.

Who asks for a job has its options corrected to what is locked, and the job corrects them once more when it starts:
an admin may have locked something meanwhile. Automatic backups are the admins' own and go by their schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.models import MADE_HERE, ArchiveFile, get_setting
from webapp.site_settings.declared import CONTENT

#: Whether people go into a backup, and under which names.
PEOPLE = ("no", "yes", "anonymous")


@dataclass(frozen=True)
class Included:
    """What is chosen beforehand, by the names that the settings have behind "backup_" or "restore_"."""

    chosen: Mapping[str, Any]
    #: The names of what nobody may choose otherwise.
    locked: frozenset[str]
    #: The kinds of `content` of which that is said.
    locked_kinds: frozenset[str] = frozenset()

    def obey(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What somebody has chosen, but for what is locked."""
        right = dict(given) | {name: self.chosen[name] for name in self.locked}
        if "content" in given:
            right["content"] = [
                kind for kind in CONTENT
                if kind in (self.chosen if kind in self.locked_kinds else given)["content"]
            ]  # fmt: skip
        return right


def for_backup(session: Session) -> Included:
    """`people` (one of PEOPLE), `files`, `container` ("tgz" or "zip") and `content` (kinds of CONTENT) of a backup."""
    names = ("people", "files", "container")
    return Included(
        {name: get_setting(f"backup_{name}", session) for name in (*names, "content")},
        _locked(session, "backup", names),
        frozenset(get_setting("backup_content_locked", session)),
    )


def for_copies(session: Session) -> list[str]:
    """The kinds of CONTENT that copies, imports and duplicates go without, where nobody can choose: as in backups."""
    chosen = get_setting("backup_content", session)
    return [kind for kind in CONTENT if kind not in chosen]


def may_copy_people(session: Session) -> bool:
    """Whether people may go into a copy under their names: not where admins keep these out of all backups."""
    included = for_backup(session)
    return "people" not in included.locked or included.chosen["people"] == "yes"


def for_restore(session: Session, archive: ArchiveFile) -> Included:
    """`people` ("yes" or "no") and `content` (kinds of CONTENT) of a restore of this backup."""
    wanted = get_setting("restore_people", session)
    if wanted == "own":
        # A backup of ours is there to bring all of it back; a file from elsewhere may hold strangers.
        wanted = "yes" if archive.origin in MADE_HERE else "no"
    return Included(
        {"people": wanted, "content": get_setting("restore_content", session)},
        _locked(session, "restore", ("people",)),
        frozenset(get_setting("restore_content_locked", session)),
    )


def left_out(content: Collection[str]) -> dict[str, Any]:
    """The kinds that are not in `content`, as a job wants them; nothing if there are none."""
    without = [kind for kind in CONTENT if kind not in content]
    return {"without": without} if without else {}


def backup_options(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen for a backup, as its job wants it."""
    return {
        "people": chosen["people"] in ("yes", "anonymous"),
        **({"anonymise": True} if chosen["people"] == "anonymous" else {}),
        "files": bool(chosen["files"]),
        "container": chosen["container"],
        **left_out(chosen.get("content", CONTENT)),
    }


def correct_backup(session: Session, options: dict[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    """The options of a backup with what is locked; `tell` hears a sentence for each that was otherwise."""
    given = {
        "people": _people_of(options),
        "files": bool(options.get("files", True)),
        "container": options.get("container", "tgz"),
        "content": [kind for kind in CONTENT if kind not in options.get("without", ())],
    }
    included = for_backup(session)
    right = included.obey(given)
    for name in sorted(included.locked):
        if right[name] != given[name]:
            tell(f"{_BACKUP_WORDS[name, right[name]]} {_('An admin has set this for all backups.')}")
    _tell_kinds(given, right, _BACKUP_KINDS, tell)
    others = {name: value for name, value in options.items() if name not in ("anonymise", "without")}
    return others | backup_options(right)


def correct_restore(
    session: Session, options: dict[str, Any], archive: ArchiveFile, tell: Callable[[str], None]
) -> dict[str, Any]:
    """The options of a restore with what is locked; `tell` hears a sentence for each that was otherwise."""
    given = {
        "people": "yes" if options.get("people", True) else "no",
        "content": [kind for kind in CONTENT if kind not in options.get("without", ())],
    }
    right = for_restore(session, archive).obey(given)
    if right["people"] != given["people"] and archive.with_people:
        tell(f"{_RESTORE_WORDS[right['people']]} {_('An admin has set this for all restores.')}")
    # What the file was made without is not missed.
    not_there = set((archive.survey or {}).get("off", ()))
    before, after = ({"content": set(one["content"]) - not_there} for one in (given, right))
    _tell_kinds(before, after, _RESTORE_KINDS, tell)
    others = {name: value for name, value in options.items() if name != "without"}
    return others | {"people": right["people"] == "yes"} | left_out(right["content"])


_BACKUP_WORDS = {
    ("people", "no"): _l("People and what they did are left out."),
    ("people", "yes"): _l("People and what they did are in it, under their names."),
    ("people", "anonymous"): _l("People are in it under made-up names."),
    ("files", True): _l("Files are in it."),
    ("files", False): _l("Files are left out."),
    ("container", "tgz"): _l("It is packed as Moodle packs its own."),
    ("container", "zip"): _l("It is packed as a zip."),
}
_RESTORE_WORDS = {
    "no": _l("People and what they did are left out."),
    "yes": _l("People and what they did are brought back."),
}


#: By whether a kind is in it.
_BACKUP_KINDS = {
    True: _l("%(kind)s: in it. An admin has set this for all backups."),
    False: _l("%(kind)s: left out. An admin has set this for all backups."),
}
_RESTORE_KINDS = {
    True: _l("%(kind)s: brought back. An admin has set this for all restores."),
    False: _l("%(kind)s: left out. An admin has set this for all restores."),
}


def _tell_kinds(
    given: Mapping[str, Any],
    right: Mapping[str, Any],
    words: Mapping[bool, str],
    tell: Callable[[str], None],
) -> None:
    """Say of each kind of which something else was chosen than what is locked, how it is now."""
    for kind in CONTENT:
        is_in = kind in right["content"]
        if is_in != (kind in given["content"]):
            tell(_(words[is_in], kind=CONTENT[kind][0]))


def _people_of(options: Mapping[str, Any]) -> str:
    if not options.get("people", False):
        return "no"
    return "anonymous" if options.get("anonymise") else "yes"


def _locked(session: Session, what: str, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if get_setting(f"{what}_{name}_locked", session))
