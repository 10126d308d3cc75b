"""Everything that knows how a Docker engine speaks."""
