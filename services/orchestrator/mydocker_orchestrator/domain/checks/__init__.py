"""Checks of a running container: its security settings, its disk use, its folders, its ports."""
