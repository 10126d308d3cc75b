"""The person who calls."""
