"""What is stored about a person: overview, export, downloads of folders, and erasure."""
