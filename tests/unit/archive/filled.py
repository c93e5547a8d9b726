"""A document made from its declaration: every element twice, every attribute and every leaf filled."""

from itertools import count

from lxml import etree

PERSON = "4711"
EVERYBODY = '{"selectiontype":"all","selectionid":"all","role":"viewer"}'


def filled_document(tree):
    """Return a document with everything that is declared. Every reference to a person is to `PERSON`."""
    root = _filled(tree.root, count(100))
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _filled(node, numbers):
    element = etree.Element(node.name, {name: str(next(numbers)) for name in node.attributes})
    for leaf in node.leaves.values():
        etree.SubElement(element, leaf.name).text = _value(leaf, numbers)
    for child in node.children.values():
        element.extend(
            [_filled(child, numbers), _filled(child, numbers)] if child.is_rows else [_filled(child, numbers)]
        )
    return element


def _value(leaf, numbers):
    if leaf.refers_to == "user" and leaf.within:
        return f'[{EVERYBODY},{{"selectiontype":"user","selectionid":"{PERSON}","role":"moderator"}}]'
    if leaf.refers_to == "user":
        return PERSON
    if leaf.is_personal:
        return f"Ada {PERSON}"
    if leaf.refers_to and not leaf.within:
        return f"{'-' if leaf.is_negative else ''}{next(numbers)}"
    return f"<p>{leaf.name} {next(numbers)}</p>\n潮"
