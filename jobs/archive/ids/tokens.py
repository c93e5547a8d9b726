"""Links to parts of the course in the texts of an archive, written as tokens: $@PAGEVIEWBYID*12@$.

Moodle 4.5: the encoders of backup/moodle2/backup_course_task.class.php and of each module's own task.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.archive.ids.embedded import NewId, number

_TOKEN = re.compile(r"\$@(?P<name>[A-Z0-9]+)(?P<ids>(?:\*[0-9]{1,16})+)@\$")
_COURSE = ("course",)
_MODULE = ("course_module",)

# What the numbers of a token are, where its name's ending (see `kinds_of`) does not say it.
_KINDS: dict[str, tuple[str, ...]] = {
    "COURSEVIEWBYID": _COURSE,
    "COURSESECTIONBYID": ("course_section",),
    "GRADEINDEXBYID": _COURSE,
    "GRADEREPORTINDEXBYID": _COURSE,
    "BADGESVIEWBYID": _COURSE,
    "USERINDEXVIEWBYID": _COURSE,
    "PLUGINFILEBYCONTEXT": ("context",),
    "ASSIGNINDEX": _MODULE,
    "BOOKVIEWBYIDCH": ("course_module", "book_chapter"),
    "BOOKVIEWBYB": ("book",),
    "BOOKVIEWBYBCH": ("book", "book_chapter"),
    "BOOKSTART": _MODULE,
    "BOOKCHAPTER": ("course_module", "book_chapter"),
    "DATAVIEWBYD": ("data",),
    "DATAVIEWRECORD": ("data", "data_record"),
    "DATAEDITBYID": _MODULE,
    "DATAEDITBYD": ("data",),
    "FEEDBACKANALYSISBYID": _MODULE,
    "FEEDBACKSHOWENTRIESBYID": _MODULE,
    "FORUMVIEWBYF": ("forum",),
    "FORUMDISCUSSIONVIEW": ("forum_discussion",),
    "FORUMDISCUSSIONVIEWPARENT": ("forum_discussion", "forum_post"),
    "FORUMDISCUSSIONVIEWINSIDE": ("forum_discussion", "forum_post"),
    "GLOSSARYSHOWENTRY": ("course", "glossary_entry"),
    "LESSONEDIT": _MODULE,
    "LESSONESAY": _MODULE,
    "LESSONREPORT": _MODULE,
    "LESSONMEDIAFILE": _MODULE,
    "LESSONVIEWPAGE": ("course_module", "lesson_page"),
    "LESSONEDITPAGE": ("course_module", "lesson_page"),
    "QUIZVIEWBYQ": ("quiz",),
    "URLVIEWBYU": ("url",),
    "WIKIPAGEBYID": ("wiki_page",),
}

# How the name of a token ends that stands for an address within another address.
_ENCODED = "URLENCODED"

# They are shown on the page of the course, and have no page of their own that a link could lead to.
_WITHOUT_PAGE = frozenset({"label", "subsection"})


@dataclass(frozen=True)
class ItemToken:
    """How links lead to one thing in an activity: where such things stand, and the token that names one."""

    path: str
    name: str
    #: Whether the activity stands in the token as well, before it.
    names_activity: bool = False


#: By the type of the activity.
ITEM_TOKENS = {
    "book": ItemToken("activity/book/chapters/chapter", "BOOKVIEWBYIDCH", names_activity=True),
    "forum": ItemToken("activity/forum/discussions/discussion", "FORUMDISCUSSIONVIEW"),
    "wiki": ItemToken("activity/wiki/subwikis/subwiki/pages/page", "WIKIPAGEBYID"),
}
ITEM_TYPES = {one.name: activity_type for activity_type, one in ITEM_TOKENS.items()}


def token(name: str, *numbers: int) -> str:
    return f"$@{name}{''.join(f'*{number}' for number in numbers)}@$"


def item_token(activity_type: str, moodle_id: int, item: int) -> str | None:
    """The token for one thing in an activity; None if its type has none for such."""
    known = ITEM_TOKENS.get(activity_type)
    if known is None:
        return None
    return token(known.name, *((moodle_id, item) if known.names_activity else (item,)))


def activity_token(activity_type: str, moodle_id: int) -> str | None:
    """The token for the page of an activity, by its course-module id; None if it has no page."""
    if activity_type in _WITHOUT_PAGE:
        return None
    return token(f"{activity_type.upper()}VIEWBYID", moodle_id)


def is_token(text: str) -> bool:
    """Whether a whole text is one token."""
    return _TOKEN.fullmatch(text) is not None


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the kinds of a token's numbers; none where only the plugin that writes it knows them."""
    name = name.removesuffix(_ENCODED)
    if name in _KINDS:
        return _KINDS[name]
    if name.endswith("VIEWBYID"):
        return _MODULE
    return _COURSE if name.endswith("INDEX") else ()


def links_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield what the tokens of a text lead to, as pairs of a kind and an id."""
    for found in _TOKEN.finditer(text):
        numbers = (int(one) for one in found["ids"][1:].split("*"))
        yield from zip(kinds_of(found["name"]), numbers, strict=False)


def renumber_tokens(text: str, new: NewId) -> str:
    """Return the text with the number in each token replaced by what `new` gives for its kind and number."""
    if "$@" not in text:
        return text

    def renumbered(found: re.Match[str]) -> str:
        kinds = kinds_of(found["name"])
        numbers = found["ids"][1:].split("*")
        padded = (*kinds, *(None for _ in numbers))
        ids = "".join(f"*{number(one, kind, new)}" for kind, one in zip(padded, numbers, strict=False))
        return f"$@{found['name']}{ids}@$"

    return _TOKEN.sub(renumbered, text)
