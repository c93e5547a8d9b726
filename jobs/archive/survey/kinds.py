"""What kind of personal data an element holds, by its document and its name.

The words are keys of the report (docs/cli.md), so they stay.
"""

from collections.abc import Mapping

#: For what is not named here: somebody's, but of no kind that has a word.
OTHER = "other_records"

_OWN: Mapping[str, Mapping[str, str]] = {
    "assign": {
        "submission": "submissions", "grade": "grades", "mark": "grades", "userflag": "work_states",
        "allocatedmarker": "work_states", "override": "exceptions",
    },
    "assignment": {"submission": "submissions"},
    "bigbluebuttonbn": {"log": "attendance", "recording": "recordings"},
    "chat": {"message": "messages"},
    "choice": {"answer": "answers"},
    "data": {"record": "entries", "tag": "tags"},
    "feedback": {"completed": "answers", "tracking": "answers"},
    "forum": {
        "discussion": "discussions", "post": "posts", "discussion_sub": "subscriptions", "digest": "subscriptions",
        "subscription": "subscriptions", "track": "subscriptions", "read": "reading_marks", "grade": "grades",
        "tag": "tags",
    },
    "glossary": {"entry": "entries", "tag": "tags", "category_entry": "entries_in_categories"},
    "h5pactivity": {"attempt": "attempts"},
    "lesson": {
        "attempt": "attempts", "branch": "attempts", "grade": "grades", "highscore": "grades", "timer": "attempts",
        "override": "exceptions",
    },
    "lti": {"ltisubmission": "submissions"},
    "quiz": {"attempt": "attempts", "grade": "grades", "override": "exceptions"},
    "scorm": {"sco_track": "attempts"},
    "survey": {"answer": "answers", "analys": "answers"},
    "wiki": {"page": "wiki_pages"},
    "workshop": {
        "submission": "submissions", "assessment": "assessments", "exampleassessment": "assessments",
        "aggregation": "grades",
    },
}  # fmt: skip
_COMMON: Mapping[str, Mapping[str, str]] = {
    "badges": {"manual_award": "badge_awards"},
    "calendar": {"event": "dates"},
    "comments": {"comment": "comments"},
    "competencies": {"user_competency": "competencies"},
    "completion": {
        "completion": "completion", "completionview": "completion", "course_completions": "completion",
        "course_completion_crit_compl": "completion",
    },
    "enrolments": {"enrolment": "enrolments"},
    "grade_history": {"grade_grade": "grade_history"},
    "gradebook": {"grade_grade": "grades"},
    "grades": {"grade_grade": "grades"},
    "grading": {"instance": "marking"},
    "groups": {"group_member": "group_members"},
    "loglastaccess": {"lastaccess": "log_entries"},
    "logs": {"log": "log_entries"},
    "logstores": {"logstore_standard_log": "log_entries", "logstore_database_log": "log_entries"},
    "questions": {"comment": "comments"},
    "roles": {"assignment": "role_assignments"},
    "xapistate": {"state": "attempts"},
}  # fmt: skip


def kinds_in(directory: str, stem: str) -> Mapping[str, str]:
    """Return which elements of a document stand for a record of which kind."""
    is_own = directory.startswith("activities/") and directory.rpartition("/")[2].rpartition("_")[0] == stem
    return {**_OWN.get(stem, {}), "rating": "ratings"} if is_own else _COMMON.get(stem, {})
