"""From the documents of an archive to the rows of a version that nothing points to yet."""
