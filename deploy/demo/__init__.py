"""One machine: the whole platform from one command, and its end from another."""
