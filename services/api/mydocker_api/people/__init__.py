"""Everybody who ever came: what operators see of them and may decide."""
