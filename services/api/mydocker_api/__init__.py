"""People, courses, sessions, images: what you may do, and when."""
