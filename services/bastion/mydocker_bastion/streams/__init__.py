"""Streams to environments: WebSockets and event streams, ended with their web session."""
