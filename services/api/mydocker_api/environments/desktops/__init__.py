"""Desktops in the browser: what the bridge asks."""
