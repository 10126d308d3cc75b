"""The platform in containers, as on one machine in production."""
