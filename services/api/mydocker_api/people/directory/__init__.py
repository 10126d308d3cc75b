"""Everybody who ever came: what operators see of them and decide about them."""
