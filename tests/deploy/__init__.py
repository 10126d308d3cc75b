"""Promises of what puts the platform on machines."""
