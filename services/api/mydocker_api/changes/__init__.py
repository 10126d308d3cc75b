"""The change log at work: read from other services, numbered, streamed to integrators."""
