"""What was built is fitted into a course, and taken out of it again."""
