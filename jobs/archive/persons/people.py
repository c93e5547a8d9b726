"""Leaves people out of documents: what is user data goes, what stays no longer says who made it.

The declarations say what is user data. Of what is not declared, an element that names a person is theirs.
"""

from collections.abc import Iterator

from lxml import etree

from jobs.archive.ids.mentions import renumber_mentions, renumber_participants
from jobs.archive.ids.person_names import is_personal_name, names_person
from jobs.archive.trees import Leaf, Node, Tree, tree_for
from jobs.archive.xml import is_leaf, is_slot, set_text, text_of

__all__ = ["drops_document", "is_somebodys", "is_user_data", "names_person", "without_people"]


def drops_document(directory: str, filename: str) -> bool:
    """Is the whole document about people, so that a backup without them does not have it?"""
    root = tree_for(directory, filename).root
    return root is not None and root.is_user_data


def is_user_data(element: etree._Element, path: str, tree: Tree) -> bool:
    """Is this record, as a whole, somebody's? `fill` the leaves first: for some it depends on who they name."""
    if tree.is_user_data(path):
        return True
    node = tree.node(path)
    if node is None:
        is_kept_apart = tree.is_record(path) or tree.is_piece(path)
        return is_kept_apart and any(_names_somebody(part) for part in element.iter(etree.Element))
    return _depends(element, node)


def without_people(element: etree._Element, path: str, tree: Tree) -> etree._Element | None:
    """Take people out of a record or a skeleton, in place; None where nothing of it may stay."""
    if is_user_data(element, path, tree):
        return None
    node = tree.node(path)
    _strip(element, node, is_instance=node is None)
    return element


def _strip(element: etree._Element, node: Node | None, *, is_instance: bool = False) -> None:
    """Remove user data below this element and clear what refers to people.

    `is_instance`: below it stand the settings of the activity or block itself. They may name who changed them
    last, and are not that person's for it.
    """
    _clear_attributes(element, node)
    for child in list(element.iterchildren(etree.Element)):
        known = node.children.get(child.tag) if node else None
        leaf = node.leaves.get(child.tag) if node else None
        if leaf is not None and known is None:
            _clear(child, leaf)
        elif is_somebodys(child, known) and not is_instance:
            element.remove(child)
        elif known is None and is_leaf(child):
            _clear_attributes(child, None)
            _clear_undeclared(child)
        else:
            _strip(child, known)


def is_somebodys(element: etree._Element, node: Node | None) -> bool:
    """Is this element somebody's, whatever it is in?"""
    return _names_somebody(element) if node is None else node.is_user_data or _depends(element, node)


def _depends(element: etree._Element, node: Node) -> bool:
    """Is it somebody's because of whom it names, or because it belongs to nothing else?"""
    named = element.find(node.user_data_if) if node.user_data_if else None
    owner = element.find(node.user_data_unless) if node.user_data_unless else None
    return (named is not None and _is_set(named)) or (owner is not None and not _is_set(owner))


def _is_set(leaf: etree._Element) -> bool:
    return text_of(leaf) not in (None, "", "0")


def _names_somebody(element: etree._Element) -> bool:
    return any(names_person(name) or is_personal_name(name) for name in _names(element))


def _names(element: etree._Element) -> Iterator[str]:
    yield from (str(name) for name in element.attrib)
    yield from (child.tag for child in element.iterchildren(etree.Element) if is_leaf(child))


def _nobody(_number: int) -> int:
    return 0


def _clear(leaf: etree._Element, known: Leaf) -> None:
    """Set a leaf that says who somebody is to what its column takes for nobody."""
    if is_slot(leaf) or not _is_set(leaf):
        return
    if known.refers_to == "user":
        is_list = known.within is not None
        leaf.text = renumber_participants(leaf.text or "", _nobody) if is_list else known.vacant or "0"
    elif known.is_personal:
        set_text(leaf, known.vacant)
    elif known.refers_to is None:
        _clear_mentions(leaf)


def _clear_attributes(element: etree._Element, known: Node | None) -> None:
    """Clear what an archive should not say of somebody in an attribute, where plugins do."""
    for name in [str(one) for one in element.attrib]:
        if known is not None and name in known.attributes:
            continue
        if names_person(name):
            element.set(name, "0")
        elif is_personal_name(name):
            element.set(name, "")


def _clear_undeclared(leaf: etree._Element) -> None:
    if is_slot(leaf) or not _is_set(leaf):
        return
    if names_person(leaf.tag):
        set_text(leaf, "0")
    elif is_personal_name(leaf.tag):
        set_text(leaf, "")
    else:
        _clear_mentions(leaf)


def _clear_mentions(leaf: etree._Element) -> None:
    text = leaf.text or ""
    if (changed := renumber_mentions(text, _nobody)) != text:
        leaf.text = changed
