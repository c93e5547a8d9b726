"""Forms that change what is in activities and questions, filled in as a browser would; and what is kept afterwards."""

import xml.etree.ElementTree as ET

from tests.members import same_documents
from tests.pages import form_data
from webapp.extensions import db
from webapp.models import Activity, CourseFile, Document, Record


def the_form(soup):
    return soup.select_one("main form[action]")


def send(client, soup, **changes):
    """Send a page's form with these fields typed otherwise; the answer."""
    form = the_form(soup)
    data = form_data(form, **changes)
    assert set(changes) <= set(form_data(form)), sorted(form_data(form))
    return client.post(form["action"], data=data)


def edit_links(soup):
    """Where the page leads to change something in it."""
    return [
        one["href"]
        for one in soup.select("main a[href]")
        if "/texts/" in one["href"] or "/questions/" in one["href"]
    ]


def kept(course):
    """All that is kept of a course, byte for byte."""
    found = {}
    for kind, names in (
        (Document, ("skeleton",)),
        (Record, ("body", "position", "user_data")),
        (CourseFile, ("body", "contenthash", "filename")),
        (Activity, ("name", "title", "intro", "intro_format", "content", "content_format")),
    ):
        for row in db.session.query(kind).filter_by(version_id=course.version_id):
            found[kind.__name__, row.id] = tuple(getattr(row, name) for name in names)
    return found


def differing_leaves(before, after):
    """What two archives say differently: (document, path of the leaf) -> the text afterwards."""
    found = {}
    for name in same_documents(before, after):
        one, other = _leaves(before[name]), _leaves(after[name])
        assert list(one) == list(other), f"the elements of {name} differ"
        found |= {(name, path): other[path] for path in one if one[path] != other[path]}
    return found


def _leaves(content):
    found = {}

    def walk(element, path):
        counted = {}
        if not len(element):
            found[path] = element.text or ""
        for child in element:
            counted[child.tag] = counted.get(child.tag, 0) + 1
            walk(child, f"{path}/{child.tag}[{child.get('id') or counted[child.tag]}]")

    walk(ET.fromstring(content), "")
    return found
