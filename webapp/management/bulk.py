"""What is done to many courses at once. Each course is asked for by itself: one that can't be is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jobs.queue import runs_in_background, start
from webapp.asking import EVERYTHING, ask_for_backup, ask_for_copy, proposal
from webapp.content.course_settings import delete_course, set_of_course
from webapp.content.edit import ContentChanged
from webapp.models import Course, Job, User
from webapp.rights import may_in_course, may_on_site, may_put_into


@dataclass
class Done:
    """What became of a deed: for how many courses it was done, and which were left as they are, with the reason."""

    count: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)

    def leave(self, course_name: str, reason: str) -> None:
        self.left.setdefault(reason, []).append(course_name)


def show(courses: Sequence[Course], *, visible: bool, by: User) -> Done:
    """Show courses to pupils, or hide them."""
    return _change(courses, "edit course", by, lambda course: set_of_course(course, {"visible": visible}))


def move(courses: Sequence[Course], category_id: int | None, *, by: User) -> Done:
    """Put courses into a category, or (None) into none."""

    def put(course: Course) -> None:
        set_of_course(course, {"category_id": category_id})

    return _change([one for one in courses if may_put_into(by, one, category_id)], "edit course", by, put)


def delete(courses: Sequence[Course], *, by: User) -> Done:
    """Put courses into the bin."""

    def throw(course: Course) -> None:
        delete_course(course)

    return _change(courses, "delete course", by, throw)


def back_up(courses: Sequence[Course], *, by: User) -> Done:
    """Ask for a backup of each course with all that is in it."""
    return _ask(courses, by, lambda course: ask_for_backup(course, EVERYTHING, by))


def duplicate(courses: Sequence[Course], *, by: User) -> Done:
    """Ask for a copy of each course, without people and hidden, under a name that says so."""
    if not may_on_site(by, "make courses"):
        done = Done()
        for course in courses:
            done.leave(course.fullname, "You may not make courses")
        return done
    return _ask(courses, by, lambda course: ask_for_copy(course, proposal(course) | {"numbered": True}, by))


def _change(courses: Sequence[Course], action: str, by: User, deed: Callable[[Course], None]) -> Done:
    done = Done()
    names = {course: course.fullname for course in courses}
    for course, name in names.items():
        if not may_in_course(by, action, course):
            done.leave(name, "Not yours to change")
            continue
        try:
            deed(course)
        except ContentChanged:
            done.leave(name, "No longer there")
        else:
            done.count += 1
    return done


def _ask(courses: Sequence[Course], by: User, ask: Callable[[Course], tuple[Job, bool]]) -> Done:
    done = Done()
    for course in courses:
        if not may_in_course(by, "back up", course):
            done.leave(course.fullname, "Not yours to back up")
            continue
        job, is_new = ask(course)
        if not is_new:
            done.leave(course.fullname, "Under way already")
            continue
        done.count += 1
        if runs_in_background():
            start(job)
    return done
