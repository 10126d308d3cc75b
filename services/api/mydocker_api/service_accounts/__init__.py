"""Service accounts: other systems that call the API with rights of their own."""
