"""Probes from inside an environment, on a real engine."""
