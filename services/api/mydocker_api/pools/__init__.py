"""Pools as a Course meets them: what it may choose, and what an empty field means."""
