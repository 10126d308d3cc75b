"""Stops of other people's environments, by editors of the Course and operators."""
