"""Makes courses, and the rows and documents of sections and activities, that a Moodle 4.5 would read back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content import course_shapes, shapes
from webapp.content.columns import (
    COURSE,
    COURSE_VERSION,
    MODULE,
    SECTION,
    Columns,
    activity_columns,
    take_columns,
)
from webapp.content.documents import keep_documents
from webapp.content.edit import Edit, EditRefused
from webapp.content.ordering import write_sequence
from webapp.database import write_transaction
from webapp.models import (
    Activity,
    Category,
    Course,
    CourseRole,
    CourseVersion,
    Membership,
    Section,
    User,
    utc_now,
)

#: 1 is the site itself wherever Moodle reads: its front page among the courses, its system context.
FIRST_ID = 2


def make_course(
    fullname: str,
    shortname: str,
    category: Category | None,
    owner: User,
    *,
    sections: int = 4,
    visible: bool = True,
) -> Course:
    """Make a course with a section on top and `sections` more, all empty; the owner manages it.

    Raises EditRefused if another course has the short name.
    """
    owner_id, category_id = owner.id, category.id if category else None
    try:
        with write_transaction() as session:
            course = _new_course(session, fullname, shortname, category_id, visible)
            session.add(Membership(course_id=course.id, user_id=owner_id, role=CourseRole.MANAGER))
            started = Edit(session, course, session.get_one(CourseVersion, course.version_id))
            for number in range(sections + 1):
                add_section(started, number=number)
            note(session, "course made", course)
    except IntegrityError as error:
        raise EditRefused(_("Another course has this short name."), "shortname") from error
    return course


def add_section(change: Edit, *, name: str = "", summary: str = "", number: int | None = None) -> Section:
    """Add a section, by its number or below the others."""
    (moodle_id,) = change.take_ids(1)
    if number is None:
        place = sa.select(sa.func.max(Section.position)).where(Section.version_id == change.version.id)
        number = (change.session.scalars(place).one() or 0) + 1
    # What its Moodle did not know of, a course's manifest goes on not speaking of.
    older = sa.select(Section.id).where(
        Section.version_id == change.version.id, Section.parent_cmid.is_(None)
    )
    no_parent = None if change.session.scalars(older.limit(1)).first() else ""
    documents = shapes.section(moodle_id, change.now, number=number, name=name or None, summary=summary)
    values = take_columns(documents["section.xml"], SECTION)
    section = Section(
        version_id=change.version.id, moodle_id=moodle_id, position=number,
        directory=f"sections/section_{moodle_id}", title=name or str(number),
        parent_cmid=no_parent, parent_module=no_parent, **values,
    )  # fmt: skip
    change.session.add(section)
    change.session.flush()
    keep_documents(change.session, change.version.id, documents, section)
    return section


def add_activity(change: Edit, section: Section, activity_type: str, texts: dict[str, str]) -> Activity:
    """Add a page, label, url, resource or folder at the end of a section, with its name and other texts."""
    moodle_id, instance_id, context_id = change.take_ids(3)
    module = shapes.module(
        moodle_id,
        change.now,
        activity_type=activity_type,
        section_id=section.moodle_id,
        number=section.number or 0,
    )
    own = shapes.own_document(
        activity_type, change.now, texts, instance_id=instance_id, moodle_id=moodle_id, context_id=context_id
    )
    values = take_columns(module, MODULE) | take_columns(own[0], activity_columns(activity_type))
    last = sa.select(sa.func.max(Activity.position)).where(Activity.version_id == change.version.id)
    activity = Activity(
        version_id=change.version.id, section_id=section.id,
        position=(change.session.scalars(last).one() or 0) + 1,
        moodle_id=moodle_id, instance_id=instance_id, context_id=context_id, type=activity_type,
        directory=f"activities/{activity_type}_{moodle_id}", title=texts["name"],
        in_subsection="1" if section.parent_cmid else section.parent_cmid, **values,
    )  # fmt: skip
    change.session.add(activity)
    change.session.flush()
    documents = {"module.xml": module, f"{activity_type}.xml": own, **shapes.activity_rest()}
    keep_documents(change.session, change.version.id, documents, activity)
    write_sequence(change, section)
    return activity


def make_version(
    session: Session, fullname: str, shortname: str, category: Category | None = None
) -> CourseVersion:
    """Make the content of a course without sections, which no course points to yet."""
    version, _values = _new_version(session, fullname, shortname, category)
    return version


def _new_course(
    session: Session, fullname: str, shortname: str, category_id: int | None, visible: bool
) -> Course:
    category = session.get(Category, category_id) if category_id else None
    version, values = _new_version(session, fullname, shortname, category)
    course = Course(**values | {"category_id": category_id, "version_id": version.id, "visible": visible})
    session.add(course)
    session.flush()
    return course


def _new_version(
    session: Session, fullname: str, shortname: str, category: Category | None
) -> tuple[CourseVersion, dict[str, Any]]:
    """The version, and what its documents say of the course itself."""
    version = CourseVersion(next_id=FIRST_ID + 5, moodle_id=FIRST_ID, context_id=FIRST_ID + 1)
    session.add(version)
    session.flush()
    documents = course_shapes.course(
        course_shapes.NewCourse(
            fullname=fullname, shortname=shortname,
            category_id=category.id if category else 1, category=category.name if category else "",
            now=int(utc_now().timestamp()), moodle_id=version.moodle_id, context_id=version.context_id,
            enrolment_id=FIRST_ID + 2, grade_category_id=FIRST_ID + 3, grade_item_id=FIRST_ID + 4,
        )
    )  # fmt: skip
    values = take_columns(documents["course/course.xml"], COURSE)
    _set(version, documents["course/course.xml"], COURSE_VERSION)
    keep_documents(session, version.id, documents)
    return version, values


def _set(version: CourseVersion, element: etree._Element, columns: Columns) -> None:
    for attribute, value in take_columns(element, columns).items():
        setattr(version, attribute, value)
