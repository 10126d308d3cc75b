"""Desired and observed state of environments: one row each, its queries and its change feed."""
