"""Editing the texts, dates and marks inside activities and questions.

`activities` and `questions` say, type by type, what a teacher edits; whether a leaf holds HTML, how it is written and
where its pictures lie is declared in jobs.archive.trees. `sheet` reads what is kept, `form` makes a form of it.
"""
