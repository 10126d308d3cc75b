"""The browser's change stream."""
