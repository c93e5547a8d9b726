"""What a survey says of people, of plugins and of the world outside, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.archive.survey import Survey
from webapp.formatters import counted

#: What concerns single people, by the survey's names: one, several.
KINDS = {
    "answers": ("answer", "answers"),
    "assessments": ("assessment", "assessments"),
    "attempts": ("attempt", "attempts"),
    "attendance": ("mark of attendance", "marks of attendance"),
    "badge_awards": ("badge given", "badges given"),
    "comments": ("comment", "comments"),
    "competencies": ("competency reached", "competencies reached"),
    "completion": ("tick of completion", "ticks of completion"),
    "dates": ("date of somebody", "dates of somebody"),
    "discussions": ("discussion", "discussions"),
    "enrolments": ("enrolment", "enrolments"),
    "entries": ("entry", "entries"),
    "entries_in_categories": ("entry in a category", "entries in categories"),
    "exceptions": ("exception for somebody", "exceptions for somebody"),
    "file_authors": ("file that names its author", "files that name their author"),
    "files": ("file handed in or attached", "files handed in or attached"),
    "grade_history": ("earlier grade", "earlier grades"),
    "grades": ("grade", "grades"),
    "group_members": ("member of a group", "members of groups"),
    "ip_addresses": ("internet address", "internet addresses"),
    "log_entries": ("log entry", "log entries"),
    "marking": ("marking", "markings"),
    "messages": ("message", "messages"),
    "other_records": ("other record of somebody", "other records of somebody"),
    "posts": ("post", "posts"),
    "profile_files": ("picture or file of a profile", "pictures and files of profiles"),
    "ratings": ("rating", "ratings"),
    "reading_marks": ("mark of what was read", "marks of what was read"),
    "recordings": ("recording", "recordings"),
    "role_assignments": ("role given to somebody", "roles given to somebody"),
    "submissions": ("hand-in", "hand-ins"),
    "subscriptions": ("subscription", "subscriptions"),
    "tags": ("tag", "tags"),
    "wiki_pages": ("wiki page", "wiki pages"),
    "work_states": ("state of somebody’s work", "states of somebody’s work"),
    # Surveys kept from earlier count these together.
    "activity_records": ("post, answer or hand-in", "posts, answers and hand-ins"),
}
_PLACES = {"": "The backup as a whole", "course": "The course itself"}


@dataclass(frozen=True)
class PersonalPlace:
    """What of people is in one place; `activity` is its folder's name if it is an activity."""

    title: str
    activity: str
    what: str


def personal_kinds(survey: Survey) -> list[tuple[int, str]]:
    """What the file holds of single people: how many, and of what, the most first."""
    counts = survey.privacy.kinds or {
        name: number for name, number in survey.personal.items() if name != "people"
    }
    return sorted(((number, _word(name, number)) for name, number in counts.items()), reverse=True)


def personal_places(survey: Survey) -> list[PersonalPlace]:
    """The same by where it is."""
    return [
        PersonalPlace(
            place.title or _PLACES.get(place.directory) or place.directory,
            place.directory.rpartition("/")[2] if place.directory.startswith("activities/") else "",
            ", ".join(counted(number, *_words(name)) for name, number in place.kinds.items()),
        )
        for place in survey.privacy.places
    ]


def needed_plugins(survey: Survey) -> list[tuple[str, str]]:
    """What a Moodle needs beyond itself, by kind: what kind, and the names."""
    plugins = survey.plugins
    activities = plugins.activities or dict.fromkeys(survey.unknown_types, 1)
    return [
        (what, names_of(names))
        for what, names in (
            ("Activities", activities),
            ("Blocks", plugins.blocks),
            ("Question types", plugins.question_types),
            ("Ways to enrol", plugins.enrolments),
            ("Others", plugins.others),
        )
        if names
    ]


def names_of(counts: Mapping[str, int]) -> str:
    """Names in a line, each with how often it is there if that is more than once."""
    return ", ".join(f"{name} ({number:,})" if number > 1 else name for name, number in counts.items())


def _words(kind: str) -> tuple[str, str]:
    plain = kind.replace("_", " ")
    return KINDS.get(kind, (plain, plain))


def _word(kind: str, number: int) -> str:
    one, several = _words(kind)
    return one if number == 1 else several
