"""Scores that editors send back to the platform."""
