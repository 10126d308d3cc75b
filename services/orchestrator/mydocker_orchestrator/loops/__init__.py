"""Loops that make what is wanted true."""
