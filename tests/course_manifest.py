"""The small course's moodle_backup.xml."""

from collections.abc import Iterable, Sequence

from tests.course_documents import ACTIVITIES, MADE_AT, SECTIONS, Node, document, leaves, node

ON = ("activities", "blocks", "filters", "badges", "calendarevents", "questionbank", "groups")
Module = tuple[int, int, str, str]


def manifest(
    people: bool,
    with_files: bool,
    fullname: str,
    shortname: str,
    anonymised: bool,
    modules: Sequence[Module] = ACTIVITIES,
) -> bytes:
    information = [
        *leaves(
            name=f"backup-moodle2-course-7-{shortname.lower()}-20250904-1530.mbz",
            moodle_version="2024100705.01",
            moodle_release="4.5.5 (Build: 20250609)",
            backup_version=2024100700,
            backup_release="4.5",
            backup_date=MADE_AT,
            mnet_remoteusers=0,
            include_files=int(with_files),
            include_file_references_to_external_content=0,
            original_wwwroot="https://moodle.school.example",
            original_site_identifier_hash="0f" * 16,
            original_course_id=7,
            original_course_format="topics",
            original_course_fullname=fullname,
            original_course_shortname=shortname,
            original_course_startdate=1_756_700_000,
            original_course_enddate=0,
            original_course_contextid=70,
            original_system_contextid=1,
        ),
        node("details", [node("detail", _detail(), backup_id="ab" * 16)]),
        node("contents", _contents(fullname, modules)),
        node("settings", list(_settings(people, with_files, anonymised, modules))),
    ]
    return document(node("moodle_backup", [node("information", information)]))


def _detail() -> list[Node]:
    return leaves(type="course", format="moodle2", interactive=1, mode=10, execution=1, executiontime=0)


def _contents(fullname: str, modules: Sequence[Module]) -> list[Node]:
    activities = [
        leaves(
            moduleid=cm, sectionid=section, modulename=kind, title=title, directory=f"activities/{kind}_{cm}"
        )
        for cm, section, kind, title in modules
    ]
    sections = [
        leaves(sectionid=one, title=title, directory=f"sections/section_{one}", parentcmid="", modname="")
        for one, title in SECTIONS
    ]
    return [
        node("activities", [node("activity", [*one, node("insubsection")]) for one in activities]),
        node("sections", [node("section", one) for one in sections]),
        node("course", leaves(courseid=7, title=fullname, directory="course")),
    ]


def _settings(people: bool, with_files: bool, anonymised: bool, modules: Sequence[Module]) -> Iterable[Node]:
    root = dict.fromkeys(ON, 1) | {"files": int(with_files), "logs": 0, "contentbankcontent": 1}
    by_people = ("users", "role_assignments", "comments", "userscompletion", "xapistate")
    root |= {name: int(people) for name in by_people} | {"anonymize": int(anonymised)}
    for name, value in root.items():
        yield node("setting", leaves(level="root", name=name, value=value))
    scopes = [("section", f"section_{one}") for one, _ in SECTIONS]
    scopes += [("activity", f"{name}_{cm}") for cm, _, name, _ in modules]
    for level, scope in scopes:
        for what, value in (("included", 1), ("userinfo", int(people))):
            own = {"level": level, level: scope, "name": f"{scope}_{what}", "value": value}
            yield node("setting", leaves(**own))
