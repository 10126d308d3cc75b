"""Pure rules of LTI; no I/O."""
