"""Everything that puts the platform on machines."""
