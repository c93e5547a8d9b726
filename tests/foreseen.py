"""Restores an archive with any answer, and compares what the dry run said with what came of it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from jobs.engine.dry_run import dry_run
from jobs.problems import JobProblem
from tests.archives import pack_tgz, pack_zip, small_course
from tests.corpus import corpus_file
from tests.dated_course import COMING, OWN, PERSONAL, at, dated_course, found, moved
from tests.factories import make_person, make_teacher
from tests.members import members_of
from tests.running import answer, back_up, back_up_part, read_archive, restore
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, JobState, Membership

#: What a restore into a new course, or in place of one, leaves as the file has it unless the dry run says otherwise.
OF_COURSE = ("fullname", "shortname", "visible", "start_date", "end_date")
_COUNTED = ("sections", "activities", "files", "people", "groups", "questions", "events")
_ELEMENTS = {
    "people": ("users.xml", "user"),
    "groups": ("groups.xml", "group"),
    "questions": ("questions.xml", "question_category/question_bank_entries/question_bank_entry"),
    "old questions": ("questions.xml", "question_category/questions/question"),
    "events": ("course/calendar.xml", "event"),
}


@dataclass(frozen=True)
class Choice:
    """One file, one course to put it into, and one answer."""

    archive: str
    target: str
    people: bool
    start_date: str | None
    course: str
    sections: str
    left_out: str = "nothing"


def choices(archives, courses):
    """Any answer that a person can give, be it one that is refused."""
    return st.builds(
        Choice,
        archive=st.sampled_from(sorted(archives)),
        target=st.sampled_from(("new", "replace", "merge")),
        people=st.booleans(),
        start_date=st.sampled_from((None, "2026-09-07", "2019-03-02", "2025-09-01")),
        course=st.sampled_from(sorted(courses)),
        sections=st.sampled_from(("number", "append", "chosen")),
        left_out=st.sampled_from(("nothing", "a section", "an activity", "kinds", "a section and kinds")),
    )


@dataclass
class School:
    """A teacher who is one of the people in the files, a pupil who is another, and what they have to restore."""

    teacher: Any = field(
        default_factory=lambda: make_teacher("aholt", email="a.holt@school.example", last_name="Holt")
    )
    pupil: Any = field(default_factory=lambda: make_person("bokoro", email="b.okoro@school.example"))

    @cached_property
    def archives(self):
        whole = pack_tgz(dated_course())
        _, course = restore(whole, self.teacher)
        quiz = next(one for one in activities_of(course.version_id) if one.type == "quiz")
        parts = {"section": sections_of(course.version_id)[1], "activity": quiz}
        return {
            "small": pack_zip(small_course()),
            "dated": whole,
            "dated without people": pack_tgz(dated_course(people=False)),
            "no start": pack_tgz(dated_course(start=0)),
        } | {name: back_up_part(course, one, self.teacher)[1].read_bytes() for name, one in parts.items()}

    def add(self, name):
        """Have a real archive at hand as well."""
        self.archives[name] = corpus_file(name).read_bytes()

    def course(self, name):
        """A course to put something into, made anew."""
        if name == "empty":
            number = db.session.query(Course).count()
            return make_course("Harbours", f"HARB {number}", None, self.teacher, sections=1)
        _, course = restore(self.archives[name], self.teacher)
        return course


COURSES = ("empty", "small", "dated")
#: Backups of less than a course, of ours and real ones.
PARTS = ("section", "activity", "tide101-4.5-section", "tide101-4.5-activity-quiz", "fixture-2.8-activity-quiz-zip",
         "fixture-4.3-activity-quiz-random")  # fmt: skip
ARCHIVES = ("small", "dated", "dated without people", "no start", "section", "activity")


def differences(school, choice):
    """What the dry run says of an answer and is otherwise when it is restored: what -> (said, happened)."""
    course = school.course(choice.course) if choice.target != "new" else None
    before = _state(course, school.teacher) if course else _State()
    job = read_archive(school.archives[choice.archive], school.teacher)
    options = _options(choice, course) | _left_out(choice, _survey(job))
    try:
        said = dry_run(job.result["archive_id"], options, school.teacher.id, job.id)
    except JobProblem as problem:
        said = {"refused": str(problem)}
    done = answer(job, course, **options)
    came = (bool(done.problem), done.state)
    if _ought_to_be_refused(choice):
        told = ("refused" in said, JobState.FAILED)
        return {} if told == came == (True, JobState.FAILED) else {"refusal": (told, came)}
    if "refused" in said or done.problem:
        return {"refusal": (said, came)}
    after = _state(db.session.get(Course, done.result["course_id"]), school.teacher)
    pairs = [*_counts(said, before, after), *_course(said, before, after, _shortname(job))]
    pairs += _moved(said, choice, after)
    pairs += _dates(said, before, after) if choice.archive in ARCHIVES else ()
    return {what: (told, came) for what, told, came in pairs if told != came}


def _ought_to_be_refused(choice):
    is_part = choice.archive in PARTS
    return (is_part and choice.target == "replace") or (choice.archive == "no start" and choice.start_date)


@dataclass
class _State:
    """What a course holds, as a backup of it shows."""

    counts: Counter = field(default_factory=Counter)
    course: dict = field(default_factory=dict)
    names: Counter = field(default_factory=Counter)
    members: dict = field(default_factory=dict)


def _state(course, user):
    _, path = back_up(course, user)
    members = members_of(path)
    manifest = etree.fromstring(members["moodle_backup.xml"]).find("information/contents")
    counts = Counter({name: _elements(members, *where) for name, where in _ELEMENTS.items()})
    counts["questions"] += counts.pop("old questions")
    counts["sections"] = len(manifest.findall("sections/section"))
    counts["activities"] = len(manifest.findall("activities/activity"))
    counts["files"] = len(re.findall(rb"<filename>(?!\.<)", members["files.xml"]))
    counts["members"] = db.session.query(Membership).filter_by(course_id=course.id).count()
    names = Counter(one.name or "" for one in sections_of(course.version_id))
    return _State(counts, {name: getattr(course, name) for name in OF_COURSE}, names, members)


def _elements(members, name, path):
    return len(etree.fromstring(members[name]).findall(path)) if name in members else 0


def _options(choice, course):
    options = {"target": choice.target, "people": choice.people, "start_date": choice.start_date}
    if choice.target == "merge":
        options["again"] = True
        if choice.sections == "chosen":
            options["section_id"] = sections_of(course.version_id)[-1].id
        else:
            options["sections"] = choice.sections
    return options | ({"course_id": course.id} if course else {})


#: What stays out where kinds do.
KINDS = ["groups", "calendarevents", "questionbank", "blocks", "customfield"]


def _left_out(choice, found):
    """What of the archive stays out, never all of it."""
    out, sections = {}, found["sections"]
    if "section" in choice.left_out and len(sections) > 1:
        out["sections"] = [sections[-1]["id"]]
    if "activity" in choice.left_out and found["kind"] != "activity":
        out["activities"] = [one["id"] for each in sections[-1:] for one in each["activities"][:1]]
    return {"leave_out": out, "without": KINDS if "kinds" in choice.left_out else []}


def _counts(said, before, after):
    base = Counter() if said["target"] == "replace" else before.counts
    for name, number in said["replaced"].items():
        yield f"replaced {name}", number, before.counts[name]
    told = said["added"] | {name: said["created"].get(name[:-1], 0) for name in ("groups", "events")}
    for name in _COUNTED:
        came = after.counts[name] - base[name]
        if name != "files" or said["target"] != "merge":
            yield f"added {name}", told[name], came
    members = before.counts["members"] if said["target"] != "new" else 1  # whoever restores it
    yield "added members", told["members"], after.counts["members"] - members


def _survey(job):
    return db.session.get(ArchiveFile, job.result["archive_id"]).survey


def _shortname(job):
    """That of the course in the file."""
    return _survey(job)["origin"]["shortname"]


def _course(said, before, after, shortname):
    changes = {one["what"]: one["to"] for one in said["settings"]}
    if said["target"] == "merge":
        yield "course", before.course, after.course
        yield from _section_names(said, before, after)
        return
    in_file = {"start_date": said["dates"]["start"], "shortname": shortname} | changes
    for what, to in in_file.items():
        yield what, to, after.course[what]


def _section_names(said, before, after):
    """Sections that come, listed by their numbers if they have no name, and those without a name that get one."""
    given = Counter(one["to"] for one in said["settings"] if one["what"] == "section name")
    titles = [(one["title"], str(one["number"])) for one in said["sections"] if one["into"] is None]
    own = Counter("" if title == number else title for title, number in titles)
    yield "section names", before.names + own + given - Counter({"": given.total()}), after.names


def _moved(said, choice, after):
    """By how much dates move, and that those that are told have arrived."""
    dates = said["dates"]
    start = datetime.fromtimestamp(dates["start"]).date()
    days = (date.fromisoformat(choice.start_date) - start).days if choice.start_date else 0
    yield "offset", dates["offset_days"], days
    for one in dates["examples"]:
        yield "example", one["to"], moved(one["from"], days)
        yield "example there", True, found(after.members, [one["to"]]) > 0


def _dates(said, before, after):
    """How many dates move, in an archive whose dates are all known."""
    days = said["dates"]["offset_days"]
    moments = [moved(at(day), days) for day in (*OWN, *COMING, *PERSONAL)] if days else []
    there = found(before.members, moments) if said["target"] == "merge" else 0
    came = found(after.members, moments) - there
    # A course that is made of a part begins on that day, though no date of the course was in the file.
    made = bool(days) and said["target"] == "new" and said["kind"] != "course"
    yield "dates", said["dates"]["count"] + made, came
