"""Rules about Courses: their fields, when they may be started, and what opens them."""
