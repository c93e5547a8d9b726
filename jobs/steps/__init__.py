"""The parts of which backup and restore are put together; each folder is one stretch of the way."""
