"""The gradebook that came with a course, to be read: how grades are made up, and what each person got."""
