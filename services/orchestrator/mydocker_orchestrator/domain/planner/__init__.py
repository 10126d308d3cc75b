"""Decisions of one reconcile pass, as pure functions of desired and observed state."""
