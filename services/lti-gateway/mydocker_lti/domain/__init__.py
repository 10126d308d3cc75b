"""Pure rules of LTI: no input, no output."""
