"""All files of a course: what they are, where they are used, and what takes the space."""
