"""Webhooks: their signature, and when a delivery is tried again, given up or the webhook ended."""
