"""Extra time of students in sessions."""
