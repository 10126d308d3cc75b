"""Trials: somebody starts an Environment of one Build, as a student would have it."""
