"""Refused entries: recorded when they happen, looked up by operators."""
