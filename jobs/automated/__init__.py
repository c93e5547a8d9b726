"""Backups that nobody asks for: when they are due, of which courses, and which of them are kept."""
