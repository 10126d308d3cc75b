"""Our own signing keys, for operators."""
