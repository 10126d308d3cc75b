"""What many endpoints read from a request in the same way."""
