"""What people and files do that mean no good, made in code: addresses, archives, contents."""
