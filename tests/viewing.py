"""The small course with one more activity, whose page a test looks at."""

from contextlib import contextmanager

import sqlalchemy as sa
from lxml import etree

from tests.archives import pack_tgz, small_course
from tests.course_documents import Node, StoredFile, activity_documents, document, leaves, node
from tests.factories import make_admin
from tests.quiz_course import with_activity
from tests.restored import restored_once
from webapp.extensions import db
from webapp.models import Activity

MODULE, INSTANCE, CONTEXT = 45, 55, 75
#: Persons of the small course, and what they are called.
AMIRA, BEN = 101, 102
HOSTILE = "<p>Low water<script>alert(1)</script><img src=x onerror=alert(2)></p>"


def own(**values: object) -> list[Node]:
    """The leaves that every activity has, and some of its own."""
    return leaves(**{"name": "Looked at", "intro": "<p>What it is about.</p>", "introformat": 1} | values)


def rows(name: str, each: str, *contents: list[Node], first: int = 1) -> Node:
    """A list of elements with ids."""
    return node(name, [node(each, content, id=number) for number, content in enumerate(contents, first)])


def restored_with(kind: str, content: list[Node], files: tuple[StoredFile, ...] = (), **documents: Node):
    """Restore the small course with the activity in it; returns the course, to be seen by its pupils."""
    members = small_course(files=files)
    element = node(kind, content, id=INSTANCE)
    refs = [one.id for one in files]
    members |= activity_documents(kind, MODULE, INSTANCE, CONTEXT, element, True, refs)
    members |= {f"activities/{kind}_{MODULE}/{name}.xml": document(one) for name, one in documents.items()}
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], kind, MODULE, "Looked at")
    return restored_from(pack_tgz(members))


def restored_from(archive: bytes):
    """Restore an archive to a course that its pupils see."""
    course = restored_once(archive, make_admin("office"))
    course.visible = True
    db.session.commit()
    return course


def parsed(xml: str) -> list[Node]:
    """Elements that a test writes as they stand in the archive."""
    return [_node(child) for child in etree.fromstring(f"<all>{xml}</all>")]


def _node(element: etree._Element) -> Node:
    content = [_node(child) for child in element] or element.text or ""
    return node(element.tag, content, **element.attrib)


def address_in(course, name="Looked at"):
    activity = db.session.query(Activity).filter_by(version_id=course.version_id, name=name).one()
    return f"/courses/{course.id}/activities/{activity.id}"


@contextmanager
def counted_queries():
    """Collect what the database is asked."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
