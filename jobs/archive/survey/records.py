"""Counts what concerns single people, by the elements that stand for it."""

from collections.abc import Mapping

from jobs.archive.names import directory_of

# Which element of which document is one record, and what it is counted as (mbz-format, the trees).
_RECORDS = {
    "grades.xml": {"grade_grade": "grades"},
    "gradebook.xml": {"grade_grade": "grades"},
    "grade_history.xml": {"grade_grade": "grade_history"},
    "grading.xml": {"instance": "marking"},
    "completion.xml": {
        "completion": "completion",
        "course_completions": "completion",
        "course_completion_crit_compl": "completion",
    },
    "comments.xml": {"comment": "comments"},
    "roles.xml": {"assignment": "role_assignments"},
    "enrolments.xml": {"enrolment": "enrolments"},
    "groups.xml": {"group_member": "group_members"},
    "badges.xml": {"manual_award": "badge_awards"},
    "competencies.xml": {"user_competency": "competencies"},
    "xapistate.xml": {"state": "activity_records"},
    "logs.xml": {"log": "log_entries"},
    "logstores.xml": {"logstore_standard_log": "log_entries", "logstore_database_log": "log_entries"},
    "loglastaccess.xml": {"lastaccess": "log_entries"},
}
# A module's own document: whatever has a user in it.
_OWN = {"userid": "activity_records"}
_NOT_OWN = {"module.xml", "inforef.xml", "filters.xml", "calendar.xml"}


def personal_records(name: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many records of each kind a document holds, given how often each element is in it."""
    base = name.rpartition("/")[2]
    elements = _RECORDS.get(base, {})
    if not elements and base not in _NOT_OWN and directory_of(name).startswith("activities/"):
        elements = _OWN
    found: dict[str, int] = {}
    for element, kind in elements.items():
        if number := counts.get(element):
            found[kind] = found.get(kind, 0) + number
    return found


def questions_in(counts: Mapping[str, int]) -> int:
    """Return how many questions questions.xml holds."""
    # Before Moodle 4.0 there were no entries; there, categories and questions alone have a stamp.
    return counts.get("question_bank_entry") or counts.get("stamp", 0) - counts.get("question_category", 0)
