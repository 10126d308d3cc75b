"""The way in by SSH: what the bastion asks, and people's public keys."""
