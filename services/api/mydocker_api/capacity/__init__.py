"""Pools and nodes, for those who choose one and those who keep them."""
