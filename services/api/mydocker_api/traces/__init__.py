"""Who used a Course, when, and for how long."""
