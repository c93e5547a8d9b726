"""What is done to many courses at once. Each course is asked for by itself: one that can't be is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jobs.language import lazy_gettext as _l
from jobs.problems import JobRefused
from jobs.queue import runs_in_background, start
from webapp.access.rights import may_in_course, may_put_into
from webapp.content.course_settings import delete_courses, set_of_courses
from webapp.job_requests.asking import Room, ask_for_backup, ask_for_copy, everything, proposal
from webapp.models import Course, Job, User

NOT_THEIRS, NOT_TAKEN, UNDER_WAY = _l("Not yours to change"), _l("Not asked for"), _l("Under way already")
NO_ROOM = _l("No room for a backup")


@dataclass
class Done:
    """What became of a deed: for how many courses it was done, and which were left as they are, with the reason."""

    count: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)
    #: Of reasons that need more words: why that is so, in a sentence.
    why: dict[str, str] = field(default_factory=dict)

    def leave(self, course_name: str, reason: str) -> None:
        self.left.setdefault(reason, []).append(course_name)


def show(courses: Sequence[Course], *, visible: bool, by: User) -> Done:
    """Show courses to pupils, or hide them."""
    done, theirs = _sort_out(courses, "edit course", by)
    done.count = set_of_courses(theirs, {"visible": visible})
    return done


def move(courses: Sequence[Course], category_id: int | None, *, by: User) -> Done:
    """Put courses into a category, or (None) into none."""
    done, theirs = _sort_out(courses, "edit course", by)
    for course in [one for one in theirs if not may_put_into(by, one, category_id)]:
        theirs.remove(course)
        done.leave(course.fullname, NOT_THEIRS)
    done.count = set_of_courses(theirs, {"category_id": category_id})
    return done


def delete(courses: Sequence[Course], *, by: User) -> Done:
    """Put courses into the bin."""
    done, theirs = _sort_out(courses, "delete course", by)
    done.count = len(delete_courses(theirs))
    return done


def back_up(courses: Sequence[Course], *, by: User) -> Done:
    """Ask for a backup of each course, of all sections and activities, as far as there is room for them together."""
    options, room = everything(), Room(by)
    done, theirs = _sort_out(courses, "back up", by)
    fitting = []
    for course in theirs:
        if room.has_room_for(course, options):
            fitting.append(course)
        else:
            done.leave(course.fullname, NO_ROOM)
    if NO_ROOM in done.left:
        done.why[NO_ROOM] = room.problem
    _ask(done, fitting, lambda course: ask_for_backup(course, options, by))
    return done


def duplicate(courses: Sequence[Course], *, by: User) -> Done:
    """Ask for a copy of each course, without people and hidden, under a name that says so."""
    done, theirs = _sort_out(courses, "back up", by)
    _ask(done, theirs, lambda course: ask_for_copy(course, proposal(course) | {"numbered": True}, by))
    return done


def _sort_out(courses: Sequence[Course], action: str, by: User) -> tuple[Done, list[Course]]:
    """The courses with which the person may do it; the others are left, and named."""
    done, theirs = Done(), []
    for course in courses:
        if may_in_course(by, action, course):
            theirs.append(course)
        else:
            done.leave(course.fullname, NOT_THEIRS)
    return done, theirs


def _ask(done: Done, courses: Sequence[Course], ask: Callable[[Course], tuple[Job, bool]]) -> None:
    """Ask for a job for each course, until no more are taken."""
    names = {course.id: course.fullname for course in courses}
    for course in courses:
        if NOT_TAKEN in done.left:
            done.leave(names[course.id], NOT_TAKEN)
            continue
        try:
            job, is_new = ask(course)
        except JobRefused as refused:
            done.why[NOT_TAKEN] = str(refused)
            done.leave(names[course.id], NOT_TAKEN)
            continue
        if not is_new:
            done.leave(names[course.id], UNDER_WAY)
            continue
        done.count += 1
        if runs_in_background():
            start(job)
