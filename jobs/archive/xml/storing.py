"""The compact form in which a skeleton or a record is kept."""

from lxml import etree


def pack(element: etree._Element) -> bytes:
    """Return the element as XML in UTF-8, without a prolog and without indentation."""
    return etree.tostring(element, encoding="UTF-8", with_tail=False)


def unpack(packed: bytes) -> etree._Element:
    """Return the element that `pack` stored."""
    return etree.fromstring(packed, _parser())


def _parser() -> etree.XMLParser:
    # A parser of its own each time: one that threads share lets only one of them parse at once.
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
