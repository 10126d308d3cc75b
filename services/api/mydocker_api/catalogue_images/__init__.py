"""The catalogue: images that the platform builds itself, for every teacher to use or to copy."""
