"""Rate limits: token buckets, and the layer that applies them to requests."""
