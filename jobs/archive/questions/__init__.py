"""The two forms of the question bank: since Moodle 4.0 with entries and versions, before it without."""

#: The first version of the format with entries and versions: Moodle 4.0.
FIRST_MODERN = 2022_04_19_00
OLD_PATH = "question_categories/question_category/questions/question"
PATH = "question_categories/question_category/question_bank_entries/question_bank_entry"
