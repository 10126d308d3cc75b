"""The gateway's promises, kept against a fake platform that signs its own tokens."""
