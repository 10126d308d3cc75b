"""The student's window of a Course: what it shows and what its buttons do."""
