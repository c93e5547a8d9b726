"""What of an archive is restored where some of it stays out, and what is missing then."""
