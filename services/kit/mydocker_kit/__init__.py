"""Shared library of the services; it knows none of them."""
