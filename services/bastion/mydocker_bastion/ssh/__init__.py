"""The SSH server for people, and its connections into environments."""
