"""What the item of a file is, told by the declarations: of mod_forum/post a post."""

from __future__ import annotations

from functools import cache

from jobs.archive.trees import CORE_ACTIVITY_TYPES, Node, Tree, tree_for

_SHARED = (
    *(("activities/page_1", name) for name in ("grades", "grade_history", "grading", "calendar", "comments")),
    *(
        ("", name)
        for name in ("questions", "groups", "scales", "outcomes", "badges", "grade_history", "users")
    ),
    *(("course", name) for name in ("course", "contentbank")),
    ("activities", "hvp_libraries"),
    ("course/blocks/html_1", "block"),
    ("sections/section_1", "section"),
)


def kind_of_items(component: str, area: str) -> str | bool | None:
    """The kind of an area's items; False if they are no ids, None if nobody knows of what."""
    return _declared().get((component, area))


@cache
def _declared() -> dict[tuple[str, str], str | bool | None]:
    kinds: dict[tuple[str, str], str | bool | None] = {}
    for tree in _trees():
        for path, area in tree.file_areas:
            kinds[area.component, area.area] = _kind(tree, path, area.itemid) if area.itemid else False
    return kinds


def _trees() -> list[Tree]:
    own = [tree_for(f"activities/{name}_1", f"{name}.xml") for name in sorted(CORE_ACTIVITY_TYPES)]
    return own + [tree_for(directory, f"{name}.xml") for directory, name in _SHARED]


def _kind(tree: Tree, path: str, itemid: str) -> str | None:
    """Follow a path such as ../../id from an element to the attribute or leaf that holds the item."""
    *steps, name = itemid.split("/")
    for _ in steps:
        path = path.rpartition("/")[0]
    node: Node | None = tree.node(path)
    if node is None:
        return None
    leaf = node.leaves.get(name)
    return leaf.refers_to if leaf else node.kind
