"""A forum: its discussions, and one discussion's posts as a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.archive.xml import is_leaf
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
    firsts = []
    for element in source.page_of("discussions/discussion", pages):
        posts = element.findall("posts/post")
        named = number(element, "firstpost")
        first = next((post for post in posts if id_of(post) == named), posts[0] if posts else None)
        # Copies: what is left of a page of long discussions would fill the memory.
        firsts.append((_without_posts(element), deepcopy(first) if first is not None else None, len(posts)))
    shown = _posts(source, [(first, None, 0) for _element, first, _count in firsts if first is not None])
    by_id = {post.id: post for post in shown}
    return [
        _discussion(source, element, count, by_id.get(id_of(first)) if first is not None else None)
        for element, first, count in firsts
    ]


def _without_posts(element: etree._Element) -> etree._Element:
    alone = etree.Element(str(element.tag), id=element.get("id") or "")
    alone.extend(deepcopy(child) for child in element.iterchildren(etree.Element) if is_leaf(child))
    return alone


def _discussion(source: Source, element: etree._Element, count: int, first: Post | None) -> Discussion:
    return Discussion(
        id_of(element), leaf(element, "name") or _("A discussion"), source.around.group(number(element, "groupid")),
        leaf(element, "pinned") == "1", when(element, "timelocked") is not None, count, first,
    )  # fmt: skip


def _thread(source: Source) -> Thread | None:
    element = source.one("discussions/discussion", source.asked.item) if source.asked.item else None
    if element is None:
        return None
    posts = list(_in_thread(element))
    pages = Pages(max(1, source.asked.page), len(posts))
    shown = _posts(source, posts[pages.first : pages.first + pages.rows])
    return Thread(_discussion(source, element, len(posts), None), shown, pages)


_Placed = tuple[etree._Element, etree._Element | None, int]


def _in_thread(discussion: etree._Element) -> Iterator[_Placed]:
    """The posts, each followed by its answers: with the post it answers, and how far down it is."""
    posts = discussion.findall("posts/post")
    by_id = {id_of(post): post for post in posts}
    answers: dict[int, list[etree._Element]] = defaultdict(list)
    for post in posts:
        parent = number(post, "parent")
        answers[parent if parent in by_id else 0].append(post)
    seen: set[int] = set()
    # Posts that answer one another in a circle hang on nothing; they come last, as beginnings.
    for beginning in [*answers[0], *posts]:
        waiting: list[_Placed] = [(beginning, None, 0)]
        while waiting:
            placed = waiting.pop()
            post, _answers, depth = placed
            if id_of(post) in seen:
                continue
            seen.add(id_of(post))
            yield placed
            waiting += [(answer, post, depth + 1) for answer in reversed(answers[id_of(post)])]


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
