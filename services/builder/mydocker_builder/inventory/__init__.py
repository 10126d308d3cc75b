"""What a built image contains: read from its files, stored, written as CycloneDX."""
