"""LTI gateway: launches, sign-in, platforms, web sessions and LTI Advantage services."""
