"""Rules that need no connection."""
