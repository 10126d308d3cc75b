"""Files that people send in parts: the tus protocol."""
