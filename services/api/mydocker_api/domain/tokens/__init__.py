"""API tokens: their form, and what their scopes allow."""
