"""Launches that are refused."""
