"""Which file areas hold what people handed in or are pictured by, told by the declarations."""

from __future__ import annotations

from functools import cache

from jobs.archive.trees import CORE_ACTIVITY_TYPES, Tree, tree_for

Area = tuple[str, str]

#: How the components begin whose files may be those of questions.
BANKS = ("question", "qtype_")


def holds_user_data(component: str, filearea: str) -> bool:
    """Whether files of this area stay out when people do, whatever they belong to."""
    if component == "question" and filearea.startswith("response_"):
        return True  # Moodle 4.5 question/engine: a question type may name more of these
    return component == "user" or (component, filearea) in _areas(user_data=True) - shared_areas()


def is_of_bank(component: str) -> bool:
    """Whether files of this component may be those of questions: of all, or of one type of them."""
    return component.startswith(BANKS)


def is_declared(component: str, filearea: str) -> bool:
    return (component, filearea) in _areas(user_data=True) | _areas(user_data=False)


@cache
def shared_areas() -> frozenset[Area]:
    """Areas of what is somebody's and of what is not, as examples of a workshop are: the item tells whose a file is."""
    return _areas(user_data=True) & _areas(user_data=False)


@cache
def _areas(*, user_data: bool) -> frozenset[Area]:
    return frozenset(
        (area.component, area.area)
        for tree in _trees()
        for path, area in tree.file_areas
        if tree.is_user_data(path) == user_data or _depends(tree, path)
    )


def _depends(tree: Tree, path: str) -> bool:
    node = tree.node(path)
    return node is not None and bool(node.user_data_if or node.user_data_unless)


@cache
def _trees() -> tuple[Tree, ...]:
    own = [tree_for(f"activities/{name}_1", f"{name}.xml") for name in sorted(CORE_ACTIVITY_TYPES)]
    common = [
        tree_for("activities/page_1", name)
        for name in ("grades.xml", "grade_history.xml", "grading.xml", "calendar.xml")
    ]
    return (*own, *common, tree_for("", "users.xml"), tree_for("", "grade_history.xml"))
