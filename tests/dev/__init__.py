"""The developer's platform, tried as a developer uses it; runs in a network of its own."""
