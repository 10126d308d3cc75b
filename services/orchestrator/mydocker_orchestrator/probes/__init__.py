"""Readiness probes: connect to the required ports of containers that start."""
