"""Background loops: the reconciler and what feeds it."""
