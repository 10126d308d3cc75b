"""What a verified launch hands over."""
