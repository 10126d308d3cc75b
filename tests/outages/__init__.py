"""The platform's services as processes, and a database that a test takes away."""
