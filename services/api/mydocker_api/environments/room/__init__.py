"""The live room of a Course: its students now, and what teachers do for them."""
