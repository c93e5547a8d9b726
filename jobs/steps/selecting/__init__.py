"""What of a course goes into a backup, and what is missing where some of it stays out."""
