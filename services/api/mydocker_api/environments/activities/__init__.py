"""A person's own activities: their Courses, their sessions, what runs for them."""
