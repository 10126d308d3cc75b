"""Our signing keys and the platforms' key sets (JWKS)."""
