"""One person's Environment for a Course: its window, its start and its end."""
