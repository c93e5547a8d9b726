"""From the rows of a course to the documents of an archive."""
