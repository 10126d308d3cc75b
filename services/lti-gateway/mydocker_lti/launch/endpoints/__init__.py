"""HTTP endpoints of `launch`."""
