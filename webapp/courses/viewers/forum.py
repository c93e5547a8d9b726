"""A forum: its discussions, and one discussion's posts as a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.tags import tags_of
from webapp.models import CourseFile

#: How far replies are set in at most.
DEEPEST = 4
_KINDS = {
    "general": _l("Everybody may begin discussions"),
    "news": _l("For announcements"),
    "single": _l("One discussion"),
    "eachuser": _l("Everybody may begin one discussion"),
    "qanda": _l("One answers first, then reads the others’ answers"),
    "blog": _l("Everybody may begin discussions, shown like a blog"),
}


@dataclass(frozen=True)
class Post:
    id: int
    subject: str
    who: Name
    at: int | None
    text: Markup
    files: list[CourseFile]
    tags: list[str]
    ratings: str
    #: Whom it answers, and how far it is set in.
    answers: Name | None
    depth: int
    #: Whom alone it is for.
    private: Name | None


@dataclass(frozen=True)
class Discussion:
    id: int
    name: str
    group: str
    is_pinned: bool
    is_locked: bool
    posts: int
    first: Post | None


@dataclass(frozen=True)
class Thread:
    discussion: Discussion
    posts: list[Post]
    pages: Pages


@dataclass(frozen=True)
class Forum:
    kind: str
    due: int | None
    ends: int | None
    discussions: list[Discussion]
    pages: Pages
    #: The one discussion that is asked for.
    thread: Thread | None
    with_people: bool


def forum(source: Source) -> Forum:
    own = source.own
    thread = _thread(source)
    pages = source.pages("discussions/discussion")
    return Forum(
        _KINDS.get(leaf(own, "type"), ""), when(own, "duedate"), when(own, "cutoffdate"),
        [] if thread else _discussions(source, pages), pages, thread, source.with_people,
    )  # fmt: skip


def _discussions(source: Source, pages: Pages) -> list[Discussion]:
    found = [
        _with_first(source, element) for element in source.page_of("discussions/discussion", pages, cut=True)
    ]
    shown = _posts(source, [(first, None, 0) for _element, first, _count in found if first is not None])
    by_id = {post.id: post for post in shown}
    return [
        _discussion(source, element, count, by_id.get(id_of(first)) if first is not None else None)
        for element, first, count in found
    ]


def _with_first(source: Source, element: etree._Element) -> tuple[etree._Element, etree._Element | None, int]:
    """What a discussion says of itself, the post that it begins with, and how many it has."""
    posts = source.inside(element, "posts")
    named = number(element, "firstpost")
    first = posts.some([named]).get(named)
    if first is None:
        first = next(iter(posts), None)
    count = len(posts)
    # What is left of a page of long discussions would fill the memory.
    if (answers := element.find("posts")) is not None:
        element.remove(answers)
    return element, first, count


def _discussion(source: Source, element: etree._Element, count: int, first: Post | None) -> Discussion:
    return Discussion(
        id_of(element), leaf(element, "name") or _("A discussion"), source.around.group(number(element, "groupid")),
        leaf(element, "pinned") == "1", when(element, "timelocked") is not None, count, first,
    )  # fmt: skip


def _thread(source: Source) -> Thread | None:
    asked = source.asked.item
    element = source.one("discussions/discussion", asked, cut=True) if asked else None
    if element is None:
        return None
    posts = source.inside(element, "posts")
    order = list(_in_thread((id_of(post), number(post, "parent")) for post in posts))
    pages = Pages(max(1, source.asked.page), len(order))
    some = order[pages.first : pages.first + pages.rows]
    found = posts.some(one for post, above, _depth in some for one in (post, above))
    placed = [(found[post], found.get(above), depth) for post, above, depth in some if post in found]
    return Thread(_discussion(source, element, len(order), None), _posts(source, placed), pages)


def _in_thread(posts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """The ids of posts, each followed by its answers: with the id of the post it answers, and how far down it is.

    Each of `posts` is its id and that of the one it answers; 0 is none.
    """
    parents = dict(posts)
    answers: dict[int, list[int]] = defaultdict(list)
    for post, parent in parents.items():
        answers[parent if parent in parents else 0].append(post)
    seen: set[int] = set()
    # Posts that answer one another in a circle hang on nothing; they come last, as beginnings.
    for beginning in [*answers[0], *parents]:
        waiting = [(beginning, 0, 0)]
        while waiting:
            post, above, depth = waiting.pop()
            if post in seen:
                continue
            seen.add(post)
            yield post, above, depth
            waiting += [(answer, post, depth + 1) for answer in reversed(answers[post])]


_Placed = tuple[etree._Element, etree._Element | None, int]


def _posts(source: Source, placed: Iterable[_Placed]) -> list[Post]:
    placed = list(placed)
    ids = [id_of(post) for post, _answers, _depth in placed]
    files = source.files("mod_forum", "attachment", ids)
    tags = tags_of(source, "poststags/tag", ids)
    return [
        _post(source, post, above, depth, files[id_of(post)], tags[id_of(post)])
        for post, above, depth in placed
    ]


def _post(
    source: Source,
    post: etree._Element,
    above: etree._Element | None,
    depth: int,
    files: list[CourseFile],
    tags: list[str],
) -> Post:
    private = number(post, "privatereplyto")
    return Post(
        id_of(post),
        leaf(post, "subject"),
        source.person(number(post, "userid")),
        when(post, "created") or when(post, "modified"),
        source.html(post, "message", "mod_forum", "post", id_of(post)),
        files,
        tags,
        source.around.ratings(post),
        source.person(number(above, "userid")) if above is not None else None,
        min(depth, DEEPEST),
        source.person(private) if private else None,
    )
