"""Limits per person: rates of requests, and caps on rows."""
