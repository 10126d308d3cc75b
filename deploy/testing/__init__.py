"""Rooms of their own for tests that need a network."""
