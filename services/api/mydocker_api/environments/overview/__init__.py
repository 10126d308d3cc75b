"""Environments of all Courses, for operators."""
