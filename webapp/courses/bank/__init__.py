"""The questions of a course, made readable for its teachers."""
