"""What refusal pages say, by advice and language."""
