"""What a backup holds and a restore brings as long as nobody says otherwise, and what nobody may choose otherwise.

Who asks for a job has its options corrected to what is locked, and the job corrects them once more when it starts:
an admin may have locked something meanwhile. Automatic backups are the admins' own and go by their schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """`people` ("yes" or "no") of a restore of this backup."""
    wanted = get_setting("restore_people", session)
    if wanted == "own":
        # A backup of ours is there to bring all of it back; a file from elsewhere may hold strangers.
        wanted = "yes" if archive.origin in MADE_HERE else "no"
    return Included({"people": wanted}, _locked(session, "restore", ("people",)))


def backup_options(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen for a backup, as its job wants it."""
    without = [kind for kind in CONTENT if kind not in chosen.get("content", CONTENT)]
    return {
        "people": chosen["people"] in ("yes", "anonymous"),
        **({"anonymise": True} if chosen["people"] == "anonymous" else {}),
        "files": bool(chosen["files"]),
        "container": chosen["container"],
        **({"without": without} if without else {}),
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
    for kind in CONTENT:
        if (kind in right["content"]) != (kind in given["content"]):
            tell(_kept_in(kind) if kind in right["content"] else _left_out(kind))
    others = {name: value for name, value in options.items() if name not in ("anonymise", "without")}
    return others | backup_options(right)


def correct_restore(
    session: Session, options: dict[str, Any], archive: ArchiveFile, tell: Callable[[str], None]
) -> dict[str, Any]:
    """The options of a restore with what is locked; `tell` hears a sentence if that was otherwise."""
    given = {"people": "yes" if options.get("people", True) else "no"}
    right = for_restore(session, archive).obey(given)
    if right != given and archive.with_people:
        tell(f"{_RESTORE_WORDS[right['people']]} {_('An admin has set this for all restores.')}")
    return options | {"people": right["people"] == "yes"}


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


def _kept_in(kind: str) -> str:
    return _("%(kind)s: in it. An admin has set this for all backups.", kind=CONTENT[kind][0])


def _left_out(kind: str) -> str:
    return _("%(kind)s: left out. An admin has set this for all backups.", kind=CONTENT[kind][0])


def _people_of(options: Mapping[str, Any]) -> str:
    if not options.get("people", False):
        return "no"
    return "anonymous" if options.get("anonymise") else "yes"


def _locked(session: Session, what: str, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if get_setting(f"{what}_{name}_locked", session))
