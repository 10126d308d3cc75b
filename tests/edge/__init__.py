"""The edge with the real authorisation endpoint, under load and under restarts."""
