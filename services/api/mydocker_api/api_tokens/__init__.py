"""API tokens: made, listed and revoked by their owner; listed and revoked by operators."""
