"""Image projects and their Builds."""
