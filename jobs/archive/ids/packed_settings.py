"""Ids inside settings that PHP has serialised: those of blocks, what log entries tell, and those of plugins."""

import re

from jobs.archive.ids.embedded import NewId, number
from jobs.archive.ids.id_names import kind_named
from jobs.archive.ids.php import rewrite
from jobs.archive.ids.tokens import renumber_tokens

_NUMBER = re.compile(r"[0-9]{1,16}")
# Of something that comes along, of whatever kind.
_OF_ANY_KIND = ""
# What Moodle 4.5 maps when it has restored a block: blocks/*/backup/moodle2/restore_*_block_task.class.php. The
# last of them is a widespread plugin's, which lists activities as "quiz-12".
_OF_BLOCKS = {
    "activity_results": {"activityparentid": _OF_ANY_KIND, "activitygradeitemid": "grade_item"},
    "glossary_random": {"glossary": "glossary"},
    "quiz_results": {"quizid": "quiz"},
    "rss_client": {"rssid": "feed"},
    "tags": {"ctx": "context"},
}
_INSTANCES = {"completion_progress": "selectactivities"}
_INSTANCE = re.compile(r"(?<=[a-z]-)[0-9]{1,16}")


def renumber_block(text: str, name: str, new: NewId) -> str:
    """Renumber the settings of a block of this name. Raises PhpError if they can't be read."""
    kinds = _OF_BLOCKS.get(name, {})

    def change(path: tuple[str, ...], value: str) -> str:
        if path[:1] == (_INSTANCES.get(name),):
            return _INSTANCE.sub(lambda found: number(found[0], None, new), value)
        kind = kinds.get(path[0]) if path else None
        return _changed(value, path, kind, new)

    return rewrite(text, change)


def renumber_log_entry(text: str, new: NewId) -> str:
    """Renumber what an entry of a log tells beside its columns. Raises PhpError if it can't be read."""

    def change(path: tuple[str, ...], value: str) -> str:
        is_id = bool(path) and path[-1].endswith("id")
        return _changed(value, path, (kind_named(path[-1]) or _OF_ANY_KIND) if is_id else None, new)

    return rewrite(text, change)


def renumber_packed(text: str, new: NewId) -> str:
    """Renumber any other serialised text, by the names of its values. Raises PhpError if it can't be read."""
    return rewrite(text, lambda path, value: _changed(value, path, None, new))


def _changed(value: str, path: tuple[str, ...], kind: str | None, new: NewId) -> str:
    # A setting called `course` is a switch more often than an id.
    if kind is None and path and path[-1] != "course":
        kind = kind_named(path[-1])
    if kind is not None and _NUMBER.fullmatch(value):
        return number(value, kind or None, new)
    return renumber_tokens(value, new)
