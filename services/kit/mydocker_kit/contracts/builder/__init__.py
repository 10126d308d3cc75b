"""What the builder is asked, and answers."""
