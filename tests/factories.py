"""Real rows for tests: people, courses with content, jobs and backup files.

Each needs the application's context, commits, and returns what it made.
"""

from itertools import count

from webapp import places
from webapp.access import sign_ins
from webapp.extensions import db
from webapp.models import (
    Activity,
    ArchiveFile,
    ArchiveOrigin,
    Category,
    Course,
    CourseFile,
    CourseRole,
    CourseVersion,
    Job,
    JobKind,
    JobState,
    Membership,
    Section,
    SiteRole,
    User,
    utc_now,
)

_numbers = count(1)


def keep(row):
    """Add a row and commit."""
    begin_to_write()
    _add(row)
    db.session.commit()
    return row


def begin_to_write():
    """Wait for the turn to write, as the application does: there may be a worker that writes too.

    A transaction that has read already could not wait (docs/adr/0002). What a test has changed itself stays.
    """
    if not db.session.new and not db.session.dirty:
        db.session.commit()
        db.session.connection(execution_options={"immediate": True})


def _add(row):
    """Add a row, to be committed with others."""
    db.session.add(row)
    db.session.flush()
    return row


def make_person(
    username=None, *, role=SiteRole.MEMBER, course=None, course_role=CourseRole.STUDENT, **values
):
    """Make an account; with `course`, one that has a role in it."""
    username = username or f"person{next(_numbers)}"
    values = {
        "first_name": username.capitalize(),
        "last_name": "Okafor",
        "email": f"{username}@school.example",
    } | values
    user = keep(User(username=username, role=role, **values))
    if course is not None:
        join(user, course, course_role)
    return user


def make_sign_in(user, browser="Firefox on Linux"):
    """Sign somebody in with another browser; returns the token that its cookie would hold."""
    begin_to_write()
    token = sign_ins.begin(db.session(), user, browser)
    db.session.commit()
    return token


def make_admin(username=None, **values):
    return make_person(username, role=SiteRole.ADMIN, **values)


def make_teacher(username=None, *, course=None, course_role=CourseRole.EDITING_TEACHER, **values):
    """Make somebody who may make courses; with `course`, one who edits it."""
    return make_person(username, role=SiteRole.TEACHER, course=course, course_role=course_role, **values)


def join(user, course, role=CourseRole.STUDENT):
    """Give somebody a role in a course."""
    return keep(Membership(user_id=user.id, course_id=course.id, role=role))


def make_category(name=None):
    return keep(Category(name=name or f"Year {next(_numbers)}"))


#: Section names, each with the activities in it: pairs of type and name.
CONTENT = (
    ("Start here", [("page", "How this course works"), ("label", "Bring a notebook")]),
    ("The tide", [("page", "Why the sea rises"), ("url", "Tide tables"), ("folder", "Charts")]),
    ("At the harbour", [("quiz", "Check yourself"), ("forum", "What did you see?")]),
)


def make_course(shortname=None, *, content=CONTENT, **values):
    """Make a course with sections and activities as bare rows: to look at, not to back up."""
    begin_to_write()
    number = next(_numbers)
    shortname = shortname or f"TIDE {number}"
    version = _add(_version())
    course = _add(
        Course(
            **{"fullname": f"Reading the tide {number}", "shortname": shortname, "version_id": version.id}
            | values
        )
    )
    for name, activities in content:
        section = _add(_section(course, name))
        for kind, title in activities:
            _add(_activity(section, kind, title))
    db.session.commit()
    return course


def make_version(**values):
    return keep(_version(**values))


def make_section(course, name="Week 1", **values):
    return keep(_section(course, name, **values))


def make_activity(section, type="page", name="How this course works", **values):
    return keep(_activity(section, type, name, **values))


def make_course_file(course, filename, hash_letter="a", **values):
    """Give a course a file of an activity: the row alone."""
    given = {
        "version_id": course.version_id, "moodle_id": 601, "position": 1, "context_id": 3, "component": "mod_folder",
        "filearea": "content", "itemid": 0, "filepath": "/", "filename": filename, "contenthash": hash_letter * 40,
        "body": b"",
    }  # fmt: skip
    return keep(CourseFile(**given | values))


def _version(**values):
    return CourseVersion(**{"moodle_id": 2, "context_id": 3, "next_id": 100} | values)


def _section(course, name, **values):
    version = course.version
    place = db.session.query(Section).filter_by(version_id=version.id).count()
    number = _next_id(version)
    given = {
        "position": place,
        "number": place,
        "moodle_id": number,
        "directory": f"sections/section_{number}",
    }
    given |= {"version_id": version.id, "name": name, "title": name, "summary": ""}
    return Section(**given | values)


def _activity(section, type, name, **values):
    version = db.session.get(CourseVersion, section.version_id)
    number = _next_id(version)
    given = {
        "version_id": version.id,
        "section_id": section.id,
        "moodle_id": number,
        "type": type,
        "name": name,
    }
    given |= {"instance_id": _next_id(version), "context_id": _next_id(version), "title": name, "intro": ""}
    given |= {
        "directory": f"activities/{type}_{number}",
        "content": "<p>Look at the sea.</p>" if type == "page" else None,
    }
    given |= {"external_url": "https://tides.example/" if type == "url" else None}
    given |= {"position": db.session.query(Activity).filter_by(section_id=section.id).count()}
    return Activity(**given | values)


def make_job(user, course=None, *, kind=JobKind.BACKUP, state=JobState.QUEUED, **values):
    """Make a job in any state, with the moments that belong to the state."""
    given = {
        "kind": kind,
        "state": state,
        "user_id": user.id,
        "scope": "course",
        "target_id": 0,
        "title": "Reading the tide",
    }
    if course is not None:
        given |= {"course_id": course.id, "target_id": course.id, "title": course.fullname}
    if state != JobState.QUEUED:
        given |= {"started_at": utc_now(), "heard_at": utc_now(), "attempts": 1, "token": 1}
    if state in (JobState.DONE, JobState.WARNED, JobState.FAILED, JobState.CANCELLED):
        given |= {"finished_at": utc_now()}
    return keep(Job(**given | values))


def make_archive(owner, course=None, *, content=b"not a real archive", **values):
    """Make a backup file: its row, and `content` in the place of its bytes (None: the file is gone)."""
    given = {"origin": ArchiveOrigin.BACKUP if course else ArchiveOrigin.UPLOAD, "owner_id": owner.id}
    given |= {
        "course_id": course.id if course else None,
        "size": len(content or b""),
        "verified_at": utc_now(),
    }
    given |= {"filename": f"backup-moodle2-course-{next(_numbers)}-tide-20261124-1015.mbz"}
    archive = keep(ArchiveFile(**given | values))
    if content is not None:
        places.archive_path(archive.id).write_bytes(content)
    return archive


def _next_id(version):
    version.next_id += 1
    return version.next_id - 1
