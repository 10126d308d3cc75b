"""Example courses, made by a teacher over the same HTTP as a browser."""
