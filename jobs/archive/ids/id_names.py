"""How leaves and settings that are not declared show, by their name, what they hold the id of."""

from jobs.archive.ids.person_names import names_person

_KINDS = {
    "course": "course", "courseid": "course", "groupid": "group", "groupingid": "grouping", "roleid": "role",
    "scaleid": "scale", "outcomeid": "outcome", "contextid": "context", "cmid": "course_module",
    "coursemoduleid": "course_module", "moduleid": "course_module", "sourcecmid": "course_module",
    "sectionid": "course_section", "gradeitemid": "grade_item", "questionid": "question",
    "questioncategoryid": "question_category", "questionbankentryid": "question_bank_entry",
}  # fmt: skip


def kind_named(name: str) -> str | None:
    """The kind of the id that something of this name holds; None if the name tells nothing."""
    return "user" if names_person(name) else _KINDS.get(name)
