"""What work costs here, beside the least that it could cost on the same machine: `make bench` prints it."""
