"""The platforms people come from, for operators."""
