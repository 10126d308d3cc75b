"""What a teacher prepares, plans and publishes."""
