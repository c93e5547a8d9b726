"""The content of a course: what is in its current version, how it is made, and how it is edited.

Knows the shape of Moodle's documents; knows no request and no job. Whoever acts is an argument.
"""
