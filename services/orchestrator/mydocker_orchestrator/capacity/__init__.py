"""Pools and nodes: what is free, who holds which GPU or direct port, where a service goes."""
