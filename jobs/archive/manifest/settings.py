"""The settings of a backup as a whole."""

#: Those that say "with people's doings"; without people they are 0
#: (Moodle 4.5 backup/moodle2/backup_root_task.class.php: they depend on `users`).
PEOPLE_SETTINGS = ("users", "anonymize", "role_assignments", "comments", "userscompletion", "logs",
                   "grade_histories", "xapistate")  # fmt: skip
#: What Moodle 4.5 writes for a backup with everything, in its order.
ROOT_SETTINGS = {
    "filename": "", "imscc11": "0", "users": "1", "anonymize": "0", "role_assignments": "1", "activities": "1",
    "blocks": "1", "files": "1", "filters": "1", "comments": "1", "badges": "1", "calendarevents": "1",
    "userscompletion": "1", "logs": "0", "grade_histories": "0", "questionbank": "1", "groups": "1",
    "competencies": "1", "customfield": "1", "contentbankcontent": "1", "xapistate": "1", "legacyfiles": "1",
}  # fmt: skip
