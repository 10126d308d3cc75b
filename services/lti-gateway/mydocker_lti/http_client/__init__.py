"""Outgoing HTTP with an SSRF guard."""
