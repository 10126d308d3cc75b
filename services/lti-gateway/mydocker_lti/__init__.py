"""Who you are, and from which course space."""
