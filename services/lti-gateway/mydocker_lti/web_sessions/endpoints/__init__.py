"""HTTP endpoints of `web_sessions`."""
