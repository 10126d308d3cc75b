"""Requests that schemathesis makes from a description of an API."""
