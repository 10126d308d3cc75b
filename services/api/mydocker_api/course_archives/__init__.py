"""A Course as one file: exported, looked at, and imported at the same or another platform."""
