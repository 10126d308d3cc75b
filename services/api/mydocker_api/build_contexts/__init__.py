"""The files of an Image: its build context."""
