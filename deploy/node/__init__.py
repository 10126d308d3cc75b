"""What a machine needs before environments may be put on it."""
