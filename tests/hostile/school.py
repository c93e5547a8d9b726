"""A school with two courses that hold one of everything, and everybody who might ask for it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from jobs import queue
from tests.archives import pack_tgz
from tests.course_documents import StoredFile, activity_documents, document, file_row, leaves, node
from tests.factories import (
    join,
    keep,
    make_admin,
    make_archive,
    make_category,
    make_job,
    make_person,
    make_sign_in,
    make_teacher,
)
from tests.graded_course import gradebook
from tests.quiz_course import fixed, quiz_course, with_activity
from tests.restored import activity, section
from tests.running import back_up, restore, run
from tests.viewing import AMIRA, own, rows
from webapp import places
from webapp.content import activities, group_editing
from webapp.content.course_settings import delete_course
from webapp.content.group_editing import GROUPS
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    AutomatedRun,
    Course,
    CourseFile,
    CourseRole,
    JobKind,
    JobState,
    Membership,
    Message,
    MessageTemplate,
    Record,
    SignIn,
    User,
    get_setting,
    utc_now,
)
from webapp.people.removal import remove_person
from webapp.settings.operations import change_logo

#: Everybody who asks, from the one whom nobody knows to the one who may everything.
ASKERS = (
    "nobody", "suspended", "removed", "stranger", "former pupil", "former teacher", "pupil", "teacher",
    "editing teacher", "manager", "admin",
)  # fmt: skip
EVENT = "backup_done"
CHART = StoredFile(620, "chart.txt", b"Low water at six.\n", 76, "mod_folder")


@dataclass
class School:
    """The people by what they are to the first course, and what names in an address stand for.

    `here` is of the first course, and of its editing teacher; `elsewhere` of the other one, in which only the
    stranger is. Under an endpoint or a rule stands what only that takes for a name.
    """

    people: dict[str, User | None]
    tokens: dict[str, str]
    here: dict[str, object]
    elsewhere: dict[str, object]


def make_school() -> School:
    """Make it in the database and the folders of the application whose context is open."""
    admin, archive = make_admin("ada"), pack_tgz(_members())
    first, other = (_course_from(archive, admin, name) for name in ("HERE", "ELSEWHERE"))
    people = _people(first, other, admin)
    change_logo(b"GIF89a" + b"g" * 40, by=admin)
    here = _things(first, people["editing teacher"], people["manager"], people["pupil"])
    elsewhere = _things(other, *[people["stranger"]] * 3)
    tokens = {name: make_sign_in(user) for name, user in people.items() if user is not None}
    _turn_away(people, admin, first)
    return School(people, tokens, here, elsewhere)


def _members() -> dict[str, bytes]:
    """The small course with a quiz, a book, a folder, a choice, and some grades."""
    members = quiz_course([fixed(201)])
    chapter = leaves(title="Ebb", content="<p>Low</p>", contentformat=1, pagenum=1)
    added = {
        ("book", 45): node("book", [*own(name="Book"), rows("chapters", "chapter", chapter)], id=55),
        ("folder", 46): node("folder", own(name="Folder", revision=1), id=56),
        ("choice", 47): node(
            "choice", [*own(name="Choice"), rows("options", "option", leaves(text="Ebb"))], id=57
        ),
    }
    for (kind, module), content in added.items():
        refs = [CHART.id] if kind == "folder" else []
        members |= activity_documents(kind, module, module + 10, module + 30, content, True, refs)
        members["moodle_backup.xml"] = with_activity(
            members["moodle_backup.xml"], kind, module, kind.capitalize()
        )
    row = document(node("files", [file_row(CHART)])).partition(b"<files>")[2]
    members["files.xml"] = members["files.xml"].replace(b"</files>", row)
    return members | {CHART.entry: CHART.content, "gradebook.xml": document(gradebook())}


def _course_from(archive: bytes, admin: User, shortname: str) -> Course:
    _, course = restore(archive, admin, shortname=shortname)
    course.visible = True
    db.session.commit()
    return course


def _people(first: Course, other: Course, admin: User) -> dict[str, User | None]:
    roles = CourseRole
    return {
        "nobody": None,
        "suspended": make_teacher("sam", course=first),
        "removed": make_teacher("rea", course=first),
        "stranger": make_teacher("stan", course=other, course_role=roles.MANAGER),
        "former pupil": make_person("fay", course=first),
        "former teacher": make_teacher("finn", course=first),
        "pupil": make_person("pip", course=first),
        "teacher": make_person("tess", course=first, course_role=roles.TEACHER),
        "editing teacher": make_teacher("edna", course=first),
        "manager": make_teacher("max", course=first, course_role=roles.MANAGER),
        "admin": admin,
    }


def _turn_away(people: dict[str, User | None], admin: User, course: Course) -> None:
    """Let those go who are to be gone, after they have signed in."""
    people["suspended"].active = False
    for name in ("former pupil", "former teacher"):
        db.session.query(Membership).filter_by(course_id=course.id, user_id=people[name].id).delete()
    db.session.commit()
    remove_person(people["removed"], heir=None, by=admin)


def _things(course: Course, teacher: User, manager: User, somebody: User) -> dict[str, object]:
    """One of everything: in the course, and of the teacher."""
    job, _ = back_up(course, teacher)
    archive = db.session.get_one(ArchiveFile, job.result["archive_id"])
    reading, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=teacher, title=archive.filename)
    page = activity(course, "Read a tide table")
    folder, book, choice = (activity(course, name) for name in ("Folder", "Book", "Choice"))
    chart = db.session.query(CourseFile).filter_by(version_id=course.version_id, filename=CHART.name).one()
    question = db.session.query(Record).filter(
        Record.version_id == course.version_id, Record.path.like("%question_bank_entry")
    )
    source, gone = (
        make_course(f"{what} {course.id}", f"{what} {course.id}", None, manager) for what in ("From", "Gone")
    )
    if teacher is not manager:
        join(teacher, source, CourseRole.EDITING_TEACHER)
    gone, waiting = delete_course(gone), run(reading).id
    make_sign_in(teacher)
    message = keep(Message(user_id=teacher.id, event=EVENT, subject="Done", text="", html="", by_mail=True))
    letter = f"{course.id}.eml"
    (places.mail_folder() / letter).write_bytes(b"Subject: Tides\n\nLow water at six.\n")
    return {
        "course_id": course.id, "section_id": section(course, "Week one").id, "activity_id": folder.id,
        "file_id": chart.id, "context_id": 76, "component": "mod_folder", "area": "content", "itemid": 0,
        "path": CHART.name, "name": CHART.name, "kind": "page", "source_id": source.id, "target_id": source.id,
        "record_id": question.first().id, "question_id": 1201, "category_id": make_category().id,
        "entry_id": activities.delete_activity(course, page), "job_id": job.id, "archive_id": archive.id,
        "message_id": message.id, "event": EVENT, "user_id": somebody.id, "token": "forged",
        "filename": "css/nowhere.css", "version_id": keep(MessageTemplate(event=EVENT, subject="Done", body="Done")).id,
        "run_id": keep(AutomatedRun(due_at=datetime(2026, 11, course.id, tzinfo=UTC), finished_at=utc_now())).id,
        "person_id": AMIRA,
        "sign_in_id": db.session.query(SignIn).filter_by(user_id=teacher.id).first().id,
        # What only one page or address takes by these names.
        "/courses/<int:course_id>/activities/<int:activity_id>/texts/<name>/<int:item>": {
            "activity_id": book.id, "name": "chapter", "item": 1,
        },
        "/courses/<int:course_id>/activities/<int:activity_id>/texts/<name>": {
            "activity_id": choice.id, "name": "options",
        },
        "courses.add_editor_picture": {"area": "intro"},
        "/courses/<int:course_id>/<any(groups, groupings):kind>": {"kind": "groups"},
        **{
            f"participants.{name}": {"kind": "groups", "number": group_editing.make(course, GROUPS, name)}
            for name in ("show_group", "rename_group", "fill_group", "empty_group", "delete_group")
        },
        "archives.archive_file": {"file_id": 1},
        "archives.show_activity": {"name": "folder_46"},
        "messages.read_mail": {"name": letter},
        "mark": get_setting("logo")["mark"], "settings.send_colour": {"name": "blue"},
        "settings.put_back": {"name": "school"}, "settings.show_settings": {"name": "school"},
        "bin.put_course": {"entry_id": gone}, "bin.delete_course": {"entry_id": gone},
        "backups.delete_backup": {"archive_id": make_archive(teacher, course).id},
        "backups.review_restore": {"job_id": waiting}, "backups.answer_restore": {"job_id": waiting},
        "backups.left_out_of_restore": {"job_id": waiting},
        "progress.begin_job_again": {"job_id": make_job(teacher, course, state=JobState.FAILED).id},
    }  # fmt: skip
