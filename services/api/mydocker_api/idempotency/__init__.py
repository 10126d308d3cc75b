"""Creations that may be repeated: `Idempotency-Key`."""
