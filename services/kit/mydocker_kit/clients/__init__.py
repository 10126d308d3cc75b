"""Typed calls to each service."""
