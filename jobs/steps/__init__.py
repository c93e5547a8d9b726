"""The parts of which backup and restore are put together; each knows one kind of thing."""
