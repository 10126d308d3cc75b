"""The other services, played: they speak HTTP, live in memory, and can be made to fail."""
