"""What can be run: builds, their logs and digests."""
