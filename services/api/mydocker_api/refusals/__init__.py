"""Refused entries, for operators."""
