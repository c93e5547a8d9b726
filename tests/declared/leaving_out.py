"""Takes out of a document what is declared to be somebody's, as plainly as can be."""

from lxml import etree

from jobs.archive.xml import NULL


def without_people(root, tree):
    """Return a copy of the document without the user data; None if it is all of it."""
    if tree.root.is_user_data:
        return None
    root = etree.fromstring(etree.tostring(root))
    for path, node in tree.nodes():
        for element in root.xpath(f"/{path}"):
            if is_somebodys(element, node):
                element.getparent().remove(element)
            else:
                _clear(element, node)
    return root


def lies_in_user_data(element, path, tree):
    """Is this element, or one around it, somebody's?"""
    while path:
        if is_somebodys(element, tree.node(path)):
            return True
        element, path = element.getparent(), path.rpartition("/")[0]
    return False


def is_somebodys(element, node):
    if node.user_data_if:
        return element.findtext(node.user_data_if) not in (None, "", "0", NULL)
    if node.user_data_unless:
        return element.findtext(node.user_data_unless) in ("", "0", NULL)
    return node.is_user_data


def _clear(element, node):
    for leaf in node.leaves.values():
        child = element.find(leaf.name)
        if child is None or child.text in (None, "", "0", NULL):
            continue
        if leaf.refers_to == "user" and leaf.within:
            child.text = child.text.partition(',{"selectiontype":"user"')[0] + "]"
        elif leaf.refers_to == "user":
            child.text = leaf.vacant
        elif leaf.is_personal:
            child.text = NULL if leaf.vacant is None else leaf.vacant
