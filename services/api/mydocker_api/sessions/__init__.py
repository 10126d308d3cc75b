"""Planned slots of a Course."""
