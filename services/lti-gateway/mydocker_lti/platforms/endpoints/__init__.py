"""HTTP endpoints of `platforms`."""
