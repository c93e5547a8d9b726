"""What a survey says of people, of plugins and of the world outside, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.archive.survey import Survey
from jobs.language import gettext as _, lazy_gettext as _l, number as written

#: What concerns single people, by the survey's names: one, several.
KINDS = {
    "answers": (_l("answer"), _l("answers")),
    "assessments": (_l("assessment"), _l("assessments")),
    "attempts": (_l("attempt"), _l("attempts")),
    "attendance": (_l("mark of attendance"), _l("marks of attendance")),
    "badge_awards": (_l("badge given"), _l("badges given")),
    "comments": (_l("comment"), _l("comments")),
    "competencies": (_l("competency reached"), _l("competencies reached")),
    "completion": (_l("tick of completion"), _l("ticks of completion")),
    "dates": (_l("date of somebody"), _l("dates of somebody")),
    "discussions": (_l("discussion"), _l("discussions")),
    "enrolments": (_l("enrolment"), _l("enrolments")),
    "entries": (_l("entry"), _l("entries")),
    "entries_in_categories": (_l("entry in a category"), _l("entries in categories")),
    "exceptions": (_l("exception for somebody"), _l("exceptions for somebody")),
    "file_authors": (_l("file that names its author"), _l("files that name their author")),
    "files": (_l("file handed in or attached"), _l("files handed in or attached")),
    "grade_history": (_l("earlier grade"), _l("earlier grades")),
    "grades": (_l("grade"), _l("grades")),
    "group_members": (_l("member of a group"), _l("members of groups")),
    "ip_addresses": (_l("internet address"), _l("internet addresses")),
    "log_entries": (_l("log entry"), _l("log entries")),
    "marking": (_l("marking"), _l("markings")),
    "messages": (_l("message"), _l("messages")),
    "other_records": (_l("other record of somebody"), _l("other records of somebody")),
    "posts": (_l("post"), _l("posts")),
    "profile_files": (_l("picture or file of a profile"), _l("pictures and files of profiles")),
    "ratings": (_l("rating"), _l("ratings")),
    "reading_marks": (_l("mark of what was read"), _l("marks of what was read")),
    "recordings": (_l("recording"), _l("recordings")),
    "role_assignments": (_l("role given to somebody"), _l("roles given to somebody")),
    "submissions": (_l("hand-in"), _l("hand-ins")),
    "subscriptions": (_l("subscription"), _l("subscriptions")),
    "tags": (_l("tag"), _l("tags")),
    "wiki_pages": (_l("wiki page"), _l("wiki pages")),
    "work_states": (_l("state of somebody’s work"), _l("states of somebody’s work")),
    # Surveys kept from earlier count these together.
    "activity_records": (_l("post, answer or hand-in"), _l("posts, answers and hand-ins")),
}
_PLACES = {"": _l("The backup as a whole"), "course": _l("The course itself")}


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
            ", ".join(f"{written(number)} {_word(name, number)}" for name, number in place.kinds.items()),
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
            (_("Activities"), activities),
            (_("Blocks"), plugins.blocks),
            (_("Question types"), plugins.question_types),
            (_("Ways to enrol"), plugins.enrolments),
            (_("Others"), plugins.others),
        )
        if names
    ]


def names_of(counts: Mapping[str, int]) -> str:
    """Names in a line, each with how often it is there if that is more than once."""
    return ", ".join(f"{name} ({written(number)})" if number > 1 else name for name, number in counts.items())


def _words(kind: str) -> tuple[str, str]:
    plain = kind.replace("_", " ")
    return KINDS.get(kind, (plain, plain))


def _word(kind: str, number: int) -> str:
    one, several = _words(kind)
    return one if number == 1 else several
